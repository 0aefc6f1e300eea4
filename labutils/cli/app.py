"""The sub-command that brings models into a browser: app."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from labutils.cli.parser import PASSED, add_command, near, positive


def setup_command(options: argparse.Namespace) -> int:
    """`labs app setup`."""
    from labutils.device.litert_js import setup_runtime

    setup_runtime(print, options.again)
    return PASSED


def build_command(options: argparse.Namespace) -> int:
    """`labs app build`."""
    from labutils.device.app import build_app

    out = options.output or Path(f"{options.model.stem}.html")
    path = build_app(options.model, out, options.card)
    print(f"{near(path)}: {path.stat().st_size / 1e6:.1f} MB, all in one file")
    return PASSED


def serve_command(options: argparse.Namespace) -> int:
    """`labs app serve`."""
    from labutils.device.app import SERVED_POLICY, app_files
    from labutils.device.serving.server import serve_until_idle

    files, idle = app_files(options.model, options.card), 60 * options.idle
    serve_until_idle(files, SERVED_POLICY, port=options.port, lan=options.lan, idle=idle, tell=print)
    return PASSED


def _register_app(commands: Any) -> None:
    does, unnamed = "brings a model into a browser, with LiteRT.js", lambda _: parser.error("name the action")
    parser = add_command(commands, "app", unnamed, does, "labs app build digits.tflite")
    actions = parser.add_subparsers(title="actions", metavar="ACTION")
    does = "fetches the browser runtime, LiteRT.js, once; where it is there, nothing is fetched"
    setup = add_command(actions, "setup", setup_command, does, "labs app setup")
    setup.add_argument("--again", action="store_true", help="fetch it anew, though it is there")
    does = "writes the app of a model as one file, which opens by a double click"
    build = add_command(actions, "build", build_command, does, "labs app build digits.tflite -o app.html")
    build.add_argument("-o", dest="output", metavar="FILE", type=Path, help="where to write (default: MODEL.html)")
    does = "offers the app of a model to the browsers of this computer, or to the phones in its network"
    serve = add_command(actions, "serve", serve_command, does, "labs app serve digits.tflite --lan")
    serve.add_argument("--port", type=positive, metavar="N", help="to listen at (default: a free one)")
    serve.add_argument("--lan", action="store_true", help="in the local network: shows a QR code for each phone")
    serve.add_argument("--idle", type=positive, metavar="MINUTES", default=30, help="until it ends (default: 30)")
    for action in (build, serve):
        action.add_argument("model", metavar="MODEL", type=Path, help="a .tflite file with a batch of 1")
        action.add_argument("--card", metavar="FILE", type=Path, help="its card (default: the .json beside it)")


REGISTER = (_register_app,)
