"""Records as ``tf.train.Example`` messages, without TensorFlow.

The message (https://www.tensorflow.org/api_docs/python/tf/train/Example) is declared here as its .proto file declares
it: an Example has Features, a map from names to lists of bytes, floats or integers.
"""

from collections.abc import Mapping

import numpy as np
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

Value = np.ndarray | bytes

_Field = descriptor_pb2.FieldDescriptorProto
_LISTS = {"bytes": _Field.TYPE_BYTES, "float": _Field.TYPE_FLOAT, "int64": _Field.TYPE_INT64}
_PACKAGE = "tensorflow"


def encode_example(features: Mapping[str, Value]) -> bytes:
    """A record: integers and floats (one dimension) as lists, bytes as a list of one. The same bytes every time."""
    example = _Example()
    for name, value in features.items():
        feature = example.features.feature[name]
        if isinstance(value, bytes):
            feature.bytes_list.value.append(value)
        elif np.issubdtype(value.dtype, np.integer):
            feature.int64_list.value.extend(value.tolist())
        else:
            feature.float_list.value.extend(value.tolist())
    return example.SerializeToString(deterministic=True)


def decode_example(record: bytes) -> dict[str, Value]:
    """The features of a record: int32 or float32 arrays, or bytes. Raises DecodeError for what is none."""
    found: dict[str, Value] = {}
    for name, feature in _Example.FromString(record).features.feature.items():
        kind = feature.WhichOneof("kind")
        values = getattr(feature, kind).value
        if kind == "bytes_list":
            found[name] = values[0]
        else:
            found[name] = np.fromiter(values, np.int32 if kind == "int64_list" else np.float32, len(values))
    return found


def _message_class() -> type:
    """The class of Example, in a pool of its own: TensorFlow declares the same name in the common one."""
    file = descriptor_pb2.FileDescriptorProto(name="example.proto", package=_PACKAGE, syntax="proto3")
    feature = descriptor_pb2.DescriptorProto(name="Feature")
    feature.oneof_decl.add(name="kind")
    for number, (kind, dtype) in enumerate(_LISTS.items(), 1):
        name = f"{kind.capitalize()}List"
        values = file.message_type.add(name=name).field
        values.add(name="value", number=1, label=_Field.LABEL_REPEATED, type=dtype)
        feature.field.add(
            name=f"{kind}_list", number=number, label=_Field.LABEL_OPTIONAL, type=_Field.TYPE_MESSAGE,
            type_name=f".{_PACKAGE}.{name}", oneof_index=0,
        )  # fmt: skip
    file.message_type.append(feature)
    features = file.message_type.add(name="Features")
    entry = features.nested_type.add(name="FeatureEntry")
    entry.options.map_entry = True
    entry.field.add(name="key", number=1, label=_Field.LABEL_OPTIONAL, type=_Field.TYPE_STRING)
    _add_message(entry, "value", 2, "Feature")
    _add_message(features, "feature", 1, "Features.FeatureEntry", repeated=True)
    _add_message(file.message_type.add(name="Example"), "features", 1, "Features")
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName(f"{_PACKAGE}.Example"))


def _add_message(
    into: descriptor_pb2.DescriptorProto, name: str, number: int, dtype: str, *, repeated: bool = False
) -> None:
    label = _Field.LABEL_REPEATED if repeated else _Field.LABEL_OPTIONAL
    into.field.add(
        name=name, number=number, label=label, type=_Field.TYPE_MESSAGE, type_name=f".{_PACKAGE}.{dtype}"
    )  # fmt: skip


_Example = _message_class()
