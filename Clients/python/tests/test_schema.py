"""The generated messages are those of docs/chancery.proto."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from google.protobuf.descriptor_pb2 import FileDescriptorProto, FileDescriptorSet

from chancery import chancery_pb2 as pb
from deployment import ROOT


def test_the_generated_messages_are_those_of_the_specification(tmp_path: Path) -> None:
    protoc = shutil.which("protoc")
    assert protoc is not None, "protoc is missing: deploy/install-dependencies"
    out = tmp_path / "set"
    subprocess.run([protoc, f"--proto_path={ROOT / 'docs'}", f"--descriptor_set_out={out}", "chancery.proto"], check=True)
    (wanted,) = FileDescriptorSet.FromString(out.read_bytes()).file
    for message in wanted.message_type:
        for field in [*message.field, *(field for nested in message.nested_type for field in nested.field)]:
            field.ClearField("json_name")
    assert FileDescriptorProto.FromString(pb.DESCRIPTOR.serialized_pb) == wanted, "run Clients/python/generate"
