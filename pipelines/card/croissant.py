"""Croissant: metadata of a data set that catalogues and loaders read (https://docs.mlcommons.org/croissant, 1.0).

Written as JSON-LD by hand, which is what mlcroissant itself reads and validates: the package has a dependency that no
wheel exists of.
"""

import json
from collections.abc import Mapping
from typing import Final

import pyarrow as pa
from pydantic import JsonValue

from pipelines.card.about import About
from pipelines.card.folder import Folder, Part

_CONTEXT: Final[Mapping[str, JsonValue]] = {
    "@language": "en", "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs", "column": "cr:column", "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/", "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"}, "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty", "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract", "field": "cr:field", "fileObject": "cr:fileObject", "fileProperty": "cr:fileProperty",
    "fileSet": "cr:fileSet", "format": "cr:format", "includes": "cr:includes", "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath", "key": "cr:key", "md5": "cr:md5", "parentField": "cr:parentField", "path": "cr:path",
    "rai": "http://mlcommons.org/croissant/RAI/", "recordSet": "cr:recordSet", "references": "cr:references",
    "regex": "cr:regex", "repeated": "cr:repeated", "replace": "cr:replace", "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/", "separator": "cr:separator", "source": "cr:source", "subField": "cr:subField",
    "transform": "cr:transform",
}  # fmt: skip
"""The one that the specification prints."""


def croissant(folder: Folder, about: About) -> bytes:
    """The content of croissant.json. Files are found from where it lies."""
    finished = folder.manifest.timings.finished_at
    code = folder.manifest.code_version
    content: dict[str, JsonValue] = {
        "@context": dict(_CONTEXT),
        "@type": "sc:Dataset",
        "name": about.name,
        "description": about.description,
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "license": about.license,
        "version": "1.0.0",
        "citeAs": f"{about.name}, made by Orchard {code}, recipe {folder.manifest.recipe_fingerprint}",
        "datePublished": finished.date().isoformat(),
        "distribution": [_file_set(part) for part in folder.parts],
        "recordSet": [_record_set(part) for part in folder.parts if part.schema is not None],
    }
    if about.url is not None:
        content["url"] = about.url
    return json.dumps(content, indent=1, ensure_ascii=False).encode() + b"\n"


def _file_set(part: Part) -> JsonValue:
    return {
        "@type": "cr:FileSet",
        "@id": f"{part.name}-files",
        "name": f"{part.name}-files",
        "description": f"{len(part.files):,} files with {part.rows:,} {part.what}",
        "encodingFormat": "application/x-parquet" if part.schema is not None else "application/octet-stream",
        "includes": part.pattern,
    }


def _record_set(part: Part) -> JsonValue:
    fields = [_field(part, field) for field in part.schema or () if _data_type(field.type) is not None]
    return {"@type": "cr:RecordSet", "@id": part.name, "name": part.name, "description": part.what, "field": fields}


def _field(part: Part, field: pa.Field) -> JsonValue:
    content: dict[str, JsonValue] = {
        "@type": "cr:Field",
        "@id": f"{part.name}/{field.name}",
        "name": f"{part.name}/{field.name}",
        "description": description(field),
        "dataType": _data_type(field.type),
        "source": {"fileSet": {"@id": f"{part.name}-files"}, "extract": {"column": field.name}},
    }
    return content | ({"repeated": True} if _is_list(field.type) else {})


def description(field: pa.Field) -> str:
    """What the contract says of a column."""
    return (field.metadata or {}).get(b"description", b"").decode()


def _is_list(dtype: pa.DataType) -> bool:
    return pa.types.is_list(dtype) or pa.types.is_large_list(dtype)


def _data_type(dtype: pa.DataType) -> str | None:
    """None for structs, which a record of Croissant does not hold as they are; the README describes them."""
    if _is_list(dtype):
        return _data_type(dtype.value_type)
    if pa.types.is_string(dtype) or pa.types.is_large_string(dtype):
        return "sc:Text"
    if pa.types.is_integer(dtype):
        return "sc:Integer"
    if pa.types.is_floating(dtype):
        return "sc:Float"
    if pa.types.is_boolean(dtype):
        return "sc:Boolean"
    return "sc:DateTime" if pa.types.is_timestamp(dtype) else None
