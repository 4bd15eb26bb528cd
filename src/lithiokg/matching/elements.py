"""Names of the chemical elements: one that the graph does not hold is another subject, not another word."""

from __future__ import annotations

__all__ = ["ELEMENT_NAMES"]

#: English names, folded, in both spellings where there are two.
ELEMENT_NAMES = frozenset(
    """
    hydrogen helium lithium beryllium boron carbon nitrogen oxygen fluorine neon sodium magnesium aluminum aluminium
    silicon phosphorus sulfur sulphur chlorine argon potassium calcium scandium titanium vanadium chromium manganese
    iron cobalt nickel copper zinc gallium germanium arsenic selenium bromine krypton rubidium strontium yttrium
    zirconium niobium molybdenum technetium ruthenium rhodium palladium silver cadmium indium tin antimony tellurium
    iodine xenon cesium caesium barium lanthanum cerium praseodymium neodymium promethium samarium europium gadolinium
    terbium dysprosium holmium erbium thulium ytterbium lutetium hafnium tantalum tungsten rhenium osmium iridium
    platinum gold mercury thallium lead bismuth polonium astatine radon francium radium actinium thorium protactinium
    uranium neptunium plutonium americium curium
    """.split()  # noqa: SIM905  # a hundred strings are no easier to read
)
