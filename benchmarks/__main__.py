"""`python -m benchmarks [NAME...]`: run the named benchmarks, or all, and print what each found."""

import sys

from benchmarks import browser, conversion, evaluation, imports, kernels, marking, quantization, reference, sweeps

BENCHMARKS = {
    "import": imports.main,  # what importing labutils adds to bare Python
    "latency": reference.main,  # our latency against litert-benchmark
    "evaluation": evaluation.main,  # our evaluation against the bare interpreter loop
    "conversion": conversion.main,  # the conversion routes against each other
    "kernels": kernels.main,  # kernels that find TensorFlow imported against ordinary ones
    "sweeps": sweeps.main,  # labs sweep against a loop of plain papermill
    "marking": marking.main,  # labs mark: a class of 300, against nbgrader, and by workers
    "browser": browser.main,  # the browser app's first prediction, and its latency against the interpreter's
    "quantization": quantization.main,  # the quantizations of one model against its float file
}


def main(names: list[str]) -> int:
    unknown = set(names) - set(BENCHMARKS)
    if unknown:
        print(f"benchmarks: there is no {', '.join(sorted(unknown))}: choose from {', '.join(BENCHMARKS)}.")
        return 2
    for name in names or BENCHMARKS:
        print(f"\n{name}\n{'-' * len(name)}")
        BENCHMARKS[name]()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
