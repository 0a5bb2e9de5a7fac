"""A batch of cells of a column as the values of a payment's field."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commissioning.council.reading import flags
from commissioning.council.reading.content import BLANKS

if TYPE_CHECKING:
    import pyarrow as pa

#: Fields whose values are texts, of which most differ.
TEXTS = ("purpose", "transaction", "company", "charity", "postcode")


def clean(texts: pa.StringArray) -> pa.StringArray:
    """Texts without blanks around them, null where they say nothing."""
    import pyarrow as pa
    import pyarrow.compute as pc

    trimmed = pc.utf8_trim_whitespace(texts)
    return pc.if_else(is_blank(trimmed), pa.scalar(None, pa.string()), trimmed)


def is_blank(texts: pa.StringArray) -> pa.BooleanArray:
    """Which texts say nothing."""
    import pyarrow as pa
    import pyarrow.compute as pc

    blanks = pa.array(sorted({form for each in BLANKS for form in (each, each.upper())}))
    return pc.is_in(pc.utf8_trim_whitespace(texts), blanks)


def converted(code: str, texts: pa.StringArray) -> pa.Array:
    """A column's texts as the values of a field."""
    import pyarrow as pa

    if code in TEXTS:
        return clean(texts)
    encoded = texts.dictionary_encode()
    distinct = clean(encoded.dictionary)
    if code in flags.KINDS:
        kind: flags.Kind = "sme" if code == "sme" else "voluntary"
        said = [flags.read(text or "", kind) for text in distinct.to_pylist()]
        return pa.array(said, pa.bool_()).take(encoded.indices)
    again = distinct.dictionary_encode()
    return pa.DictionaryArray.from_arrays(again.indices.take(encoded.indices), again.dictionary)


def always(text: str, height: int) -> pa.DictionaryArray:
    """A column that says the same in each row."""
    import pyarrow as pa

    return pa.DictionaryArray.from_arrays(pa.repeat(pa.scalar(0, pa.int32()), height), [text])
