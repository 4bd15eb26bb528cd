"""Entities of RDF/XML, of which a few lines can be made to fill the memory; the engine replaces them all.

Ontologies name namespaces by entities, which is harmless. What stands for other entities, or for a long text, is
there for nothing else.
"""

from __future__ import annotations

import re

__all__ = ["harmful_entities"]

_ENTITY = re.compile(rb"<!ENTITY\s*(%?)\s*[^\s\"'>]*\s*(?:\"([^\"]*)\"|'([^']*)')?")
#: The longest text that an entity may stand for, and the most there may be.
_LONGEST, _MOST = 500, 500


def harmful_entities(document: bytes) -> bool:
    """Whether an RDF/XML document declares entities that may be made to fill the memory.

    >>> harmful_entities(b'<!DOCTYPE rdf:RDF [<!ENTITY owl "http://www.w3.org/2002/07/owl#">]><rdf:RDF/>')
    False
    >>> harmful_entities(b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><x>&b;</x>')
    True
    """
    if document[:2] in {b"\xff\xfe", b"\xfe\xff"} or b"\0" in document[:100]:
        return True  # another encoding, in which nothing would be seen here
    found = list(_ENTITY.finditer(document))
    return len(found) > _MOST or any(
        bool(entity[1]) or _is_harmful(entity[2] if entity[2] is not None else entity[3]) for entity in found
    )


def _is_harmful(text: bytes | None) -> bool:
    return text is not None and (len(text) > _LONGEST or b"&" in text)
