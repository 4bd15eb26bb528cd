"""From a few words to a record: what the flags of ``lithiokg what-if`` say, in the format of the records."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from lithiokg.errors import UsageError
from lithiokg.vocabulary import ID, LKG

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lithiokg.names import NameIndex

__all__ = ["ELECTROLYTES", "STAGES", "Proposal", "record_of"]

#: The kinds of electrolyte that can be asked for, and their classes.
ELECTROLYTES = {
    "liquid": "LiquidElectrolyte",
    "ceramic": "InorganicSolidElectrolyte",
    "polymer": "PolymerElectrolyte",
    "gel": "GelElectrolyte",
    "quasi-solid": "QuasiSolidElectrolyte",
    "composite": "CompositeElectrolyte",
}
STAGES = ("before-cell-assembly", "in-the-cell")
_REASON = "Declared with --complete."
_SUBSTANCE = ID + "substance/"
_LIQUIDS = ("OrganicMolecule", "IonicLiquid")


@dataclass(frozen=True, slots=True)
class Proposal:
    """A design in a few words; substances by any of their names, ``A + B`` for a mixture.

    Attributes:
        electrolyte: what the electrolyte consists of, or only its kind (see :data:`ELECTROLYTES`).
        electrolyte_kind: its kind, where its substances do not tell.
        solutes: what is dissolved in it.
        additives: what is kept in it in a minor amount.
        layers: the layers between lithium and electrolyte; several are a stack, from the lithium side.
        complete: nothing else is in the layers than what is listed, and no other layer is there.
        contacts_lithium: the layer (else the electrolyte) touches lithium.
        formed_from: precursors of the layer.
        formed_at: when the layer formed (see :data:`STAGES`).
        from_electrolyte: the layer grows out of the electrolyte.
        host: what a host or current collector consists of.
        coating: what coats the host.
        dopants: what the host is doped with.
        lithium_additives: what is added to the lithium.
        treatments: kinds of treatment, such as ``chemical polishing``.
        treated: which body is treated; lithium, where there is one, unless told.
        label: what to call the design.
    """

    electrolyte: tuple[str, ...] = ()
    electrolyte_kind: str | None = None
    solutes: tuple[str, ...] = ()
    additives: tuple[str, ...] = ()
    layers: tuple[str, ...] = ()
    complete: bool = False
    contacts_lithium: bool = False
    formed_from: tuple[str, ...] = ()
    formed_at: str | None = None
    from_electrolyte: bool = False
    host: tuple[str, ...] = ()
    coating: tuple[str, ...] = ()
    dopants: tuple[str, ...] = ()
    lithium_additives: tuple[str, ...] = ()
    treatments: tuple[str, ...] = ()
    treated: str | None = None
    label: str | None = None

    @classmethod
    def of(cls, words: Mapping[str, Any]) -> Proposal:
        """A proposal of plain values; one name may stand for a list of one.

        Raises:
            UsageError: for a field that there is not.

        >>> Proposal.of({"electrolyte": "garnet", "layers": ["ZnO"]}).electrolyte
        ('garnet',)
        """
        names = {field.name: field.type for field in fields(cls)}
        unknown = sorted(set(words) - set(names))
        if unknown:
            raise UsageError(f"a proposal has no field {unknown[0]!r}", mend=f"there are: {', '.join(names)}")
        plain: dict[str, Any] = {}
        for name, value in words.items():
            several = str(names[name]).startswith("tuple")
            plain[name] = ((value,) if isinstance(value, str) else tuple(value)) if several else value
        return cls(**plain)


def record_of(
    proposal: Proposal, names: NameIndex, treatments: Mapping[str, str]
) -> tuple[str, dict[str, Any], list[str]]:
    """The record of a proposal.

    Args:
        proposal: what the flags say.
        names: finds substances by any of their names.
        treatments: class names of treatments by what they are called.

    Returns:
        The key of the design, its record, and what was taken for granted.

    Raises:
        UsageError: for a name that nothing or more than one thing bears, and for flags that do not fit.
    """
    return _Writer(proposal, names, treatments).write()


class _Writer:
    def __init__(self, proposal: Proposal, names: NameIndex, treatments: Mapping[str, str]) -> None:
        self.proposal = proposal
        self.names = names
        self.treatments = treatments
        self.assumed: list[str] = []
        self.bodies: dict[str, dict[str, Any]] = {}

    def write(self) -> tuple[str, dict[str, Any], list[str]]:
        self._fits()
        self._electrolyte()
        self._layers()
        self._host()
        self._lithium()
        self._contacts()
        if not self.bodies:
            raise UsageError("nothing is proposed", mend="name a body: --electrolyte, --layer or --host")
        label = self.proposal.label or self._label()
        record: dict[str, Any] = {"label": label, "components": self.bodies}
        if self.proposal.treatments:
            record["treatments"] = self._treatments()
        key = re.sub(r"[^A-Za-z0-9]+", "-", label).strip("-").lower() or "design"
        return f"what-if-{key}"[:100], record, self.assumed

    def _fits(self) -> None:
        plan = self.proposal
        about_layers = plan.formed_from or plan.formed_at or plan.from_electrolyte
        if about_layers and not plan.layers and not plan.formed_from and not plan.from_electrolyte:
            raise UsageError("--formed-at is about a layer, and there is none", mend="add --layer")
        if (plan.coating or plan.dopants) and not plan.host:
            raise UsageError("a coating or dopant belongs to a host, and there is none", mend="add --host")
        if plan.from_electrolyte and not (plan.electrolyte or plan.electrolyte_kind):
            raise UsageError("a layer that grows out of the electrolyte needs one", mend="add --electrolyte")

    def _keys(self, texts: tuple[str, ...]) -> list[str]:
        """Keys of the substances that texts name, each once."""
        found: dict[str, None] = {}
        for text in texts:
            for iri in self._substances(text):
                found[iri.removeprefix(_SUBSTANCE)] = None
        return list(found)

    def _substances(self, text: str) -> list[str]:
        try:
            return [self.names.resolve(text, kinds=LKG + "Substance")]
        except UsageError:
            parts = [part.strip() for part in re.split(r"\s*\+\s*|\s*,\s*", text) if part.strip()]
            if len(parts) < 2:  # noqa: PLR2004  # one part is the text itself
                raise
        return [self.names.resolve(part, kinds=LKG + "Substance") for part in parts]

    def _electrolyte(self) -> None:
        plan = self.proposal
        named = tuple(text for text in plan.electrolyte if text not in ELECTROLYTES)
        kinds = {text for text in plan.electrolyte if text in ELECTROLYTES}
        kinds |= {plan.electrolyte_kind} if plan.electrolyte_kind else set()
        if unknown := sorted(kinds - set(ELECTROLYTES)):
            close = difflib.get_close_matches(unknown[0], ELECTROLYTES, n=1)
            mend = f"did you mean {close[0]}?" if close else f"choose one of {', '.join(ELECTROLYTES)}"
            raise UsageError(f"there is no kind of electrolyte {unknown[0]!r}", mend=mend)
        if len(kinds) > 1:
            raise UsageError(f"an electrolyte is of one kind, not {' and '.join(sorted(map(str, kinds)))}")
        constituents = self._keys(named)
        kind = next(iter(kinds), None) or self._kind(constituents)
        if kind is None:
            if plan.additives or plan.solutes:
                raise UsageError("there is no electrolyte to add to", mend="add --electrolyte")
            return
        body: dict[str, Any] = {"type": ELECTROLYTES[kind], "label": f"{kind} electrolyte"}
        body |= {"constituents": constituents} if constituents else {}
        body |= {"solutes": self._keys(plan.solutes)} if plan.solutes else {}
        body |= {"additives": self._keys(plan.additives)} if plan.additives else {}
        self.bodies["electrolyte"] = body

    def _kind(self, constituents: list[str]) -> str | None:
        """The kind of electrolyte that its substances make likely; told as an assumption."""
        if not constituents:
            return None
        iris = [_SUBSTANCE + key for key in constituents]
        liquid = any(self.names.is_a(iri, LKG + kind) for iri in iris for kind in _LIQUIDS)
        polymer = any(self.names.is_a(iri, LKG + "Polymer") for iri in iris)
        mineral = any(
            self.names.is_a(iri, LKG + kind)
            for iri in iris
            for kind in ("InorganicSubstance", "MetalOrganicFramework")
        )
        kind = "ceramic"
        if liquid:
            kind = "gel" if polymer else ("composite" if mineral else "liquid")
        elif polymer:
            kind = "composite" if mineral else "polymer"
        self.assumed.append(f"the electrolyte is taken to be of the kind {kind} (--electrolyte-kind)")
        return kind

    def _layers(self) -> None:
        plan = self.proposal
        if not (plan.layers or plan.formed_from or plan.from_electrolyte):
            return
        body: dict[str, Any] = {"type": "InterfacialLayer"}
        made: dict[str, Any] = {"formed-from": self._keys(plan.formed_from)} if plan.formed_from else {}
        made |= {"formed-at": plan.formed_at} if plan.formed_at else {}
        made |= {"derived-from": "electrolyte"} if plan.from_electrolyte else {}
        closed = {"composition-is-complete": True, "completeness-reason": _REASON} if plan.complete else {}
        if len(plan.layers) > 1:
            body["label"] = "stack of " + " and ".join(plan.layers)
            body["sublayers"] = {
                f"layer-{number}": {
                    "type": "InterfacialLayer",
                    "label": f"{text} sublayer",
                    "position": number,
                    "constituents": self._keys((text,)),
                    **closed,
                }
                for number, text in enumerate(plan.layers, start=1)
            }
            if plan.complete:
                body |= {"sublayers-are-complete": True, "completeness-reason": _REASON}
        else:
            body["label"] = f"{plan.layers[0]} layer" if plan.layers else "layer"
            if plan.layers:
                body |= {"constituents": self._keys(plan.layers), **closed}
            elif plan.complete:
                raise UsageError(
                    "--complete closes a list of constituents, and there is none", mend="add --layer"
                )
        self.bodies["layer"] = body | made
        if plan.layers and not plan.complete:
            self.assumed.append(
                "something else may be in the layer, so that nothing follows of all of it (--complete)"
            )

    def _host(self) -> None:
        plan = self.proposal
        if plan.host:
            host: dict[str, Any] = {"type": "Host", "label": "host", "constituents": self._keys(plan.host)}
            if plan.dopants:
                host["dopants"] = self._keys(plan.dopants)
            self.bodies["host"] = host
            if plan.coating:
                host["coated-by"] = "coating"
                constituents = self._keys(plan.coating)
                self.bodies["coating"] = {"type": "Coating", "label": "coating", "constituents": constituents}

    def _lithium(self) -> None:
        plan = self.proposal
        wanted = plan.contacts_lithium or plan.lithium_additives or plan.treated == "lithium"
        if wanted or (plan.treatments and not plan.host) or (self.bodies and not plan.host):
            lithium: dict[str, Any] = {"type": "LithiumElectrode", "label": "lithium electrode"}
            if plan.lithium_additives:
                lithium["additives"] = self._keys(plan.lithium_additives)
            self.bodies["lithium"] = lithium

    def _contacts(self) -> None:
        """A layer lies on the electrolyte; what touches lithium has to be said."""
        plan, bodies = self.proposal, self.bodies
        facing = next((key for key in ("layer", "coating", "host", "electrolyte") if key in bodies), None)
        if facing is None:
            return
        contacts = ["electrolyte"] if facing == "layer" and "electrolyte" in bodies else []
        contacts = ["lithium", *contacts] if plan.contacts_lithium else contacts
        if contacts:
            bodies[facing]["contacts"] = contacts
        if not plan.contacts_lithium and "lithium" in bodies:
            self.assumed.append(f"nothing says that the {facing} touches lithium (--contacts-lithium)")

    def _treatments(self) -> dict[str, dict[str, Any]]:
        body = self.proposal.treated or ("lithium" if "lithium" in self.bodies else "host")
        if body not in self.bodies:
            known = ", ".join(self.bodies)
            raise UsageError(f"there is no {body} to treat", mend=f"--treated takes one of {known}")
        found = {}
        for text in self.proposal.treatments:
            key = re.sub(r"[\W_]+", "-", text.strip().lower())
            if key not in self.treatments:
                close = difflib.get_close_matches(key, self.treatments, n=1)
                known = ", ".join(sorted({name for name in self.treatments if " " not in name}))
                mend = f"did you mean {close[0]}?" if close else f"there are: {known}"
                raise UsageError(f"there is no treatment {text!r}", mend=mend)
            found[key] = {"type": self.treatments[key], "treats": body}
        return found

    def _label(self) -> str:
        plan = self.proposal
        parts = [body["label"] for key, body in self.bodies.items() if key == "layer"]
        if plan.host:
            parts.append(f"{' + '.join(plan.host)} host")
        parts += [f"with {' + '.join(plan.coating)} coating"] if plan.coating else []
        parts += [f"doped with {' + '.join(plan.dopants)}"] if plan.dopants else []
        parts += [f"with {' + '.join(plan.lithium_additives)} in lithium"] if plan.lithium_additives else []
        parts += [", ".join(plan.treatments)] if plan.treatments else []
        if "electrolyte" in self.bodies:
            named = [text for text in plan.electrolyte if text not in ELECTROLYTES]
            named = named or [self.bodies["electrolyte"]["label"]]
            on = "in" if self.bodies["electrolyte"]["type"] == "LiquidElectrolyte" else "on"
            parts += [f"{on} {' + '.join(named)}" if parts else f"bare {' + '.join(named)}"]
        return " ".join(parts) or "design"
