"""The group of verbs, and what becomes of errors."""

from __future__ import annotations

import importlib
import os
import sys

import click

import lithiokg
from lithiokg.cli.terminal import guard_output
from lithiokg.errors import ExitCode, LithioKGError, printable

__all__ = ["cli", "main", "use_color"]

#: The exit code of a program that was interrupted, by convention of the shells: 128 and the signal.
_INTERRUPTED = 130

#: Verb -> (module under ``lithiokg.cli``, one line of help). The help stands here so that
#: ``lithiokg --help`` imports none of the verbs.
VERBS: dict[str, tuple[str, str]] = {
    "ask": ("ask", "Answer a question in plain words."),
    "questions": ("questions", "List, show, run and test the saved questions."),
    "show": ("show", "Show what is known of a term or thing, by any of its names."),
    "explain": ("explain", "Say why a thing is what it is, or why it is not."),
    "what-if": ("what_if", "Say what would follow from a design that nobody reported."),
    "join": ("join", "Join a CSV file of yours by formula, InChIKey or DOI."),
    "sparql": ("sparql", "Answer a SPARQL query."),
    "mcp": ("mcp", "Give language models the graph's tools (Model Context Protocol)."),
    "serve": ("serve", "Serve pages and a SPARQL endpoint on this computer."),
    "export": ("export", "Write facts as RDF or tables, or the works cited."),
    "map": ("map", "List, show and check the mappings to other ontologies."),
    "template": ("template", "Write an empty spreadsheet in which to enter a paper."),
    "import": ("import_", "Take in spreadsheets or bibliographies, after a thorough look."),
    "new": ("new", "Begin the records of a work, a design or a substance."),
    "check": ("check", "Check the sources: syntax, rules, consistency."),
    "verify": ("verify", "Confirm that figures and phrases stand in a source's text."),
    "coverage": ("coverage", "List what of a source's text is in the graph and what is not."),
    "upload": ("upload", "Put the graph on a server, and count what it holds."),
    "derive": ("derive", "Draw the conclusions of what a server holds, and put them there."),
    "conformance": ("conformance", "Tell whether another engine answers as the snapshot does."),
    "diff": ("diff", "Tell what changed between two states: facts, inferences, answers."),
    "load": ("load", "Load more facts than memory holds, from N-Quads."),
    "build": ("build", "Build the snapshot (happens by itself at first use)."),
    "release": ("release", "Write ontology, data and mappings as files for others to load."),
}


class _LazyGroup(click.Group):
    """A group that knows its verbs by name and imports one only to run it."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # click's signature
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in VERBS:
            return None
        module = importlib.import_module(f"lithiokg.cli.{VERBS[cmd_name][0]}")
        command: click.Command = module.command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in VERBS and not args[0].startswith("-"):
            from difflib import get_close_matches  # noqa: PLC0415

            close = get_close_matches(args[0], VERBS, n=1)
            hint = f" Did you mean '{close[0]}'?" if close else f" There are: {', '.join(VERBS)}."
            raise click.UsageError(f"There is no verb '{args[0]}'.{hint}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Verbs"):
            formatter.write_dl([(name, line) for name, (_, line) in VERBS.items()])


@click.group(
    cls=_LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Exit codes: 0 ok, 1 findings, 2 usage, 3 failure, 4 time limit.",
)
@click.version_option(lithiokg.__version__, "-V", "--version", message="lithiokg %(version)s")
@click.option("-q", "--quiet", is_flag=True, help="No progress and no notes, only answers and errors.")
@click.option(
    "--with",
    "collections",
    multiple=True,
    metavar="DIR",
    type=click.Path(),  # so that the variable is split as PATH is
    envvar="LITHIOKG_WITH",
    show_envvar=True,
    help="Read your own records in this folder beside the shipped ones (repeatable).",
)
@click.option(
    "--snapshot",
    metavar="DIR",
    type=click.Path(),
    envvar="LITHIOKG_SNAPSHOT",
    show_envvar=True,
    help="Answer from what 'lithiokg load' wrote into this folder.",
)
@click.pass_context
def cli(ctx: click.Context, *, quiet: bool, collections: tuple[str, ...], snapshot: str | None) -> None:
    """Ask a knowledge graph of the lithium-metal interface.

    Start with 'lithiokg questions list', then 'lithiokg questions run NAME'.
    """
    ctx.obj = {"quiet": quiet, "collections": collections, "snapshot": snapshot}
    ctx.color = use_color()


def use_color() -> bool | None:
    """Never where ``NO_COLOR`` or a dumb terminal forbids it, else wherever there is a terminal."""
    forbidden = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return False if forbidden else None


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and exit with a documented code.

    Args:
        arguments: what stands after the program's name (``sys.argv`` unless given).
    """
    guard_output()
    try:
        result = cli.main(args=arguments, prog_name="lithiokg", standalone_mode=False)
        sys.stdout.flush()
    except click.exceptions.Exit as stop:
        result = stop.exit_code
    except click.Abort:
        click.echo("stopped", err=True)
        result = _INTERRUPTED
    except click.NoSuchOption as error:
        _of_the_group(error).show()
        result = ExitCode.USAGE
    except click.ClickException as error:
        vars(error)["message"] = printable(error.message)
        error.show()
        result = ExitCode.USAGE
    except LithioKGError as error:
        _complain(str(error))
        result = error.exit_code
    except (BrokenPipeError, SystemExit):
        # The reader of the pipe has gone (``| head``), for which click has an exit of its own: nothing
        # more to say, and not a failure.
        _let_go_of_output()
        result = ExitCode.OK
    except OSError as error:
        _let_go_of_output()
        where = f"{error.filename}: " if error.filename else ""
        _complain(printable(f"{where}{error.strerror or error}"))
        result = ExitCode.FAILURE
    sys.exit(int(result or 0))


def _of_the_group(error: click.NoSuchOption) -> click.UsageError:
    """The complaint of an option that all verbs have, and that stands before them."""
    wanted = {name for option in cli.params for name in option.opts}
    verb = error.ctx.info_name if error.ctx else None
    if error.option_name not in wanted or verb not in VERBS:
        return error
    value = " DIR" if error.option_name == "--with" else ""
    return click.UsageError(
        f"'{error.option_name}' stands before the verb: lithiokg {error.option_name}{value} {verb} ...",
        error.ctx,
    )


def _complain(text: str) -> None:
    click.echo(f"{click.style('error:', fg='red')} {text}", err=True, color=use_color())


def _let_go_of_output() -> None:
    """What is still in the buffer has nowhere to go; the interpreter must not try again at its end."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError):  # standard output that is no file, as in tests
        return
