"""The version of the contracts, and what a reader does with files of other versions."""

import pyarrow as pa

SCHEMA_VERSION = "1.1"
"""Major: a field changes its type, meaning or disappears. Minor: a nullable field is added."""

NAME_KEY = b"orchard.schema"
VERSION_KEY = b"orchard.version"


class SchemaVersionError(ValueError):
    """A file's schema is of another name or of a version that this code cannot read."""


def stamp(schema: pa.Schema, name: str) -> pa.Schema:
    """``schema`` with its contract's name and version in the file metadata."""
    return schema.with_metadata({NAME_KEY: name.encode(), VERSION_KEY: SCHEMA_VERSION.encode()})


def schema_name(schema: pa.Schema) -> str | None:
    """The contract that a file says it holds, None for a file that Orchard did not write."""
    name = (schema.metadata or {}).get(NAME_KEY)
    return name.decode() if name is not None else None


def check_version(schema: pa.Schema, name: str) -> None:
    """Refuse what is not ``name`` in this major version, or is of a newer minor version.

    Raises SchemaVersionError, which says what was found and what can be read.
    """
    found_name, found = schema_name(schema), (schema.metadata or {}).get(VERSION_KEY, b"").decode()
    if found_name != name:
        raise SchemaVersionError(f"schema is {found_name or 'not named'}, expected {name}")
    if not readable(found):
        raise SchemaVersionError(
            f"{name} schema version {found or 'missing'} cannot be read by version {SCHEMA_VERSION}: "
            f"readable are {_parse(SCHEMA_VERSION)[0]}.0 to {SCHEMA_VERSION}"
        )


def readable(version: str) -> bool:
    """Whether this code reads files of ``version``: the same major, and no newer minor."""
    try:
        major, minor = _parse(version)
    except ValueError:
        return False
    own_major, own_minor = _parse(SCHEMA_VERSION)
    return major == own_major and minor <= own_minor


def _parse(version: str) -> tuple[int, int]:
    major, minor = version.split(".")
    return int(major), int(minor)
