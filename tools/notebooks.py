"""Run the notebooks of docs/notebooks and store what they print.

python tools/notebooks.py [FILE ...]      runs them and writes their outputs into them
python tools/notebooks.py --check         only says whether they run and print what they hold (exit code 1 if not)

They run side by side, each in a kernel of its own, in the folder they stand in.
"""

from __future__ import annotations

import asyncio
import os
import re
import sys
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "notebooks"
#: Seconds that a cell may take; the first one may have to build the graph.
PATIENCE = 300
#: Forms of an output that are stored; the first is the one that is compared.
FORMS = ("text/plain", "text/html")
COLOR = re.compile(r"\x1b\[[0-9;]*m")


async def run(notebook: Any) -> None:
    """Run a notebook, in place."""
    client = NotebookClient(
        notebook,
        timeout=PATIENCE,
        kernel_name="python3",
        resources={"metadata": {"path": str(FOLDER)}},
        extra_arguments=["--log-level=40"],  # errors only: kernels warn of the loopback they talk over
    )
    # Nothing that depends on the terminal of the caller.
    environment = {key: value for key, value in os.environ.items() if key not in {"COLUMNS", "FORCE_COLOR"}}
    await client.async_execute(env={**environment, "NO_COLOR": "1"})


def tidy(notebook: Any) -> None:
    """Leave only what is the same in every run."""
    notebook.metadata = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    for number, cell in enumerate(notebook.cells, start=1):
        cell.id = f"cell-{number}"
        cell.metadata = {}
        if cell.cell_type != "code":
            continue
        cell.execution_count = None
        cell.outputs = joined([output for output in cell.outputs if output.get("name") != "stderr"])
        for output in cell.outputs:
            if "execution_count" in output:
                output.execution_count = None
            if "data" in output:
                output.metadata = {}
                output.data = {form: output.data[form] for form in FORMS if form in output.data}


def joined(outputs: list[Any]) -> list[Any]:
    """Outputs, with what was printed in several pieces in one."""
    kept: list[Any] = []
    for output in outputs:
        if kept and output.output_type == kept[-1].output_type == "stream":
            kept[-1].text += output.text
        else:
            kept.append(output)
    return kept


def printed(notebook: Any) -> list[list[str]]:
    """What each cell prints, blanks apart: columns are as wide as the library that sets them likes."""
    return [
        [" ".join(str(out.get("text") or out.data[FORMS[0]]).split()) for out in cell.get("outputs", ())]
        for cell in notebook.cells
    ]


async def work(paths: list[Path], *, check: bool) -> list[str]:
    """Run notebooks and write or compare them.

    Returns:
        What is wrong, one an entry.
    """
    notebooks = [nbformat.read(path, as_version=4) for path in paths]
    held = [printed(notebook) for notebook in notebooks]
    ended = await asyncio.gather(*map(run, notebooks), return_exceptions=True)
    wrong = []
    for path, notebook, before, end in zip(paths, notebooks, held, ended, strict=True):
        if isinstance(end, CellExecutionError):
            wrong.append(f"{path.name} stops: {COLOR.sub('', str(end))}")
            continue
        if isinstance(end, BaseException):
            raise end
        tidy(notebook)
        if not check:
            nbformat.write(notebook, path)
        elif (now := printed(notebook)) != before:
            cell = next(
                number for number, pair in enumerate(zip(before, now, strict=True)) if pair[0] != pair[1]
            )
            wrong.append(f"{path.name}, cell {cell + 1} holds {before[cell]}, and prints {now[cell]}")
    return wrong


def main(arguments: list[str]) -> int:
    """Run, and write or check."""
    paths = [Path(name) for name in arguments if name != "--check"] or sorted(FOLDER.glob("*.ipynb"))
    wrong = asyncio.run(work(paths, check="--check" in arguments))
    for each in wrong:
        print(each, file=sys.stderr)
    if wrong:
        print("python tools/notebooks.py runs them and stores what they print", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
