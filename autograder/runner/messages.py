"""What the coordinator, its workers and its reader say to each other: MessagePack by type, each message behind its length."""

from __future__ import annotations

import socket
import struct

import msgspec

from autograder.model import Fingerprint, QuestionOutcome, Struct, Submission

_LENGTH = struct.Struct(">Q")


class Task(Struct, tag=True):
    """One submission to grade. Questions whose outcome is ``known`` are not asked again."""

    submission: Submission
    fingerprint: Fingerprint
    known: dict[str, QuestionOutcome] = {}


class Ready(Struct, tag=True):
    """The suites are collected. ``parts`` are those that the tests are marked with, a place each."""

    parts: dict[str, str]


class Failed(Struct, tag=True):
    """The worker could not do its part. ``fatal``: nothing can be graded, the course itself is wrong."""

    why: str
    where: str = ""
    todo: str = ""
    fatal: bool = False


class Done(Struct, tag=True):
    """The submission is graded."""

    graded: msgspec.Raw  # model.Graded, kept as bytes: the worker only passes it on


Reply = Ready | Failed | Done


class Wanted(Struct):
    """A submission to read. ``outcomes``: those of all questions, where the record that they make is wanted."""

    submission: Submission
    outcomes: tuple[QuestionOutcome, ...] = ()


class Read(Struct):
    """``keys``: by question, what its outcome is found by. ``texts``: the hash of each written answer by its part's name."""

    keys: dict[str, tuple[str, str]] = {}
    texts: dict[str, str] = {}
    cells: bool = False  # whether there is a notebook's code to run


def send(channel: socket.socket, message: Struct | msgspec.Raw) -> None:
    """Send one message. Raises OSError where the other side has gone."""
    data = msgspec.msgpack.encode(message)
    channel.sendall(_LENGTH.pack(len(data)) + data)


def receive(channel: socket.socket, kind):
    """The next message. Raises EOFError where the other side has gone."""
    (length,) = _LENGTH.unpack(_exactly(channel, _LENGTH.size))
    return msgspec.msgpack.decode(_exactly(channel, length), type=kind)


def _exactly(channel: socket.socket, size: int) -> bytes:
    data = bytearray()
    while len(data) < size:
        piece = channel.recv(min(size - len(data), 1 << 20))
        if not piece:
            raise EOFError
        data += piece
    return bytes(data)
