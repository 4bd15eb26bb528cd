"""A query as a program: for the shell, Python and R, ready to be pasted and run."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

__all__ = ["Snippet", "snippets"]


@dataclass(frozen=True, slots=True)
class Snippet:
    """A program.

    Attributes:
        title: the tool that it is for.
        needs: what must be installed.
        text: the program.
    """

    title: str
    needs: str
    text: str


#: How each kind of answer is asked for, and by what name of its format.
_ACCEPT = {
    "table": ("text/csv", "csv"),
    "boolean": ("application/sparql-results+json", "json"),
    "graph": ("text/turtle", "turtle"),
}


def snippets(
    query: str, form: str, endpoint: str, dataset: list[tuple[str, str]] | None = None
) -> list[Snippet]:
    """Programs that ask a query of an endpoint.

    Args:
        query: the text, with all its prefixes declared.
        form: ``table``, ``boolean`` or ``graph``.
        endpoint: its address.
        dataset: parameters of the protocol that name the graphs.
    """
    address = f"{endpoint}?{urlencode(dataset)}" if dataset else endpoint
    media, name = _ACCEPT[form]
    found = [
        Snippet("curl", "", _curl(query, address, media)),
        Snippet("Python with SPARQLWrapper", "pip install sparqlwrapper", _wrapper(query, address, form)),
    ]
    if form == "table":
        found.append(Snippet("pandas", "pip install pandas", _pandas(query, address)))
    if not dataset:
        found.append(
            Snippet("Python with LithioKG, without a server", "pip install lithiokg", _library(query, form))
        )
    if form != "boolean":
        found.append(Snippet("R", "", _r(query, address, name)))
    return found


def _python_text(text: str) -> str:
    """A text as a Python literal over several lines."""
    escaped = text.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
    if escaped.endswith('"'):
        escaped = escaped[:-1] + '\\"'
    return f'"""\\\n{escaped}"""'


def _curl(query: str, address: str, media: str) -> str:
    end = "QUERY"
    while end in query.splitlines():
        end += "_"
    return (
        f"curl -H 'Accept: {media}' -H 'Content-Type: application/sparql-query' \\\n"
        f"  --data-binary @- '{address}' <<'{end}'\n{query}\n{end}"
    )


def _wrapper(query: str, address: str, form: str) -> str:
    if form == "graph":
        method, use = "TURTLE", "print(endpoint.query().convert().decode())"
    elif form == "boolean":
        method, use = "JSON", 'print(endpoint.query().convert()["boolean"])'
    else:
        method = "JSON"
        use = (
            'for row in endpoint.query().convert()["results"]["bindings"]:\n'
            '    print({name: cell["value"] for name, cell in row.items()})'
        )
    return (
        f"from SPARQLWrapper import {method}, POST, SPARQLWrapper\n\n"
        f'endpoint = SPARQLWrapper("{address}")\nendpoint.setMethod(POST)\n'
        f"endpoint.setReturnFormat({method})\nendpoint.setQuery({_python_text(query)})\n{use}"
    )


def _pandas(query: str, address: str) -> str:
    sign = "&" if "?" in address else "?"
    return (
        "from urllib.parse import urlencode\n\nimport pandas as pd\n\n"
        f"query = {_python_text(query)}\n"
        f'answer = pd.read_csv("{address}{sign}" + urlencode({{"query": query, "format": "csv"}}))\n'
        "print(answer)"
    )


def _library(query: str, form: str) -> str:
    use = "for row in graph.readable(answer):\n        print(*row)" if form == "table" else "print(answer)"
    if form == "graph":
        use = 'print(*answer, sep="\\n")'
    return (
        f"import lithiokg\n\nwith lithiokg.open() as graph:\n"
        f"    answer = graph.sparql({_python_text(query)})\n    {use}"
    )


def _r(query: str, address: str, name: str) -> str:
    dashes = "-"
    while f'){dashes}"' in query:
        dashes += "-"
    sign = "&" if "?" in address else "?"
    use = "read.csv(address)" if name == "csv" else "readLines(address)"
    return (
        f'query <- r"{dashes}({query}){dashes}"\n'
        f'address <- paste0("{address}{sign}format={name}&query=", URLencode(query, reserved = TRUE, repeated = TRUE))\n'
        f"answer <- {use}\nprint(answer)"
    )
