"""Turns a forked process into a program. Imports nothing else, because each process imports this module again."""

import os
import runpy


def be_program(path, environment):
    os.chdir(path.parent)
    os.environ |= environment
    for name, stream in (("out", 1), ("err", 2)):
        file = os.open(f"{path}.{name}", os.O_CREAT | os.O_TRUNC | os.O_WRONLY)
        os.dup2(file, stream)
    runpy.run_path(str(path), run_name="__main__")
