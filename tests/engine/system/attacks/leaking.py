"""Telling a hidden input: what code that has seen one may try to send back, by every word that is said of it.

``MARK`` stands around each input that is sent, so that it is found in whatever file it has reached.
"""

from __future__ import annotations

from .attack import AREA, REST, SCALE, Attack, attack

MARK = "leak7361"
STOPS = "what may be said at a level of feedback is a list; nothing that code chose after a hidden input is on it"
SAYS = f"word = '{MARK}_' + '_'.join(str(abs(n)) for n in (height, width, channels))\n"


def _leaks(name: str, body: str, status: str = "partly graded") -> Attack:
    return attack(f"leaks-{name}", stops=STOPS, score=REST, status=status, volume=SAYS + body)


ATTACKS = [
    _leaks("a-text", "raise ValueError(word)"),
    _leaks("a-type", "raise type(word, (ValueError,), {})"),
    _leaks("a-module", "raise ModuleNotFoundError('x', name=word)"),
    _leaks("a-modules-text", "raise ModuleNotFoundError(word)"),
    _leaks("an-import", "__import__(word)"),
    _leaks("an-imports-text", "raise ImportError(word, name=word, path=word)"),
    _leaks("a-syntax-error", "raise SyntaxError(word, (word, 3, 3, word))"),
    _leaks("a-syntax-errors-character", "raise SyntaxError('x', ('q1_box.py', 1, 1, chr(0x4E00 + height) + word))"),
    _leaks("a-source-that-does-not-compile", "compile(word + ' =', word, 'exec')"),
    _leaks("a-place", "exec(compile('1 / 0', 'cell ' + repr(word), 'exec'))"),
    _leaks("a-place-in-its-file", "exec(compile('1 / 0', 'q1_box.py' + word, 'exec'))"),
    _leaks("a-line", "exec(compile('\\n' * (7_361_000 + height) + '1 / 0', 'q1_box.py', 'exec'))"),
    _leaks("a-missing-name", "import sys\nraise sys.modules['wall.inside.submission'].Missing('name', 'no ' + word)"),
    _leaks("a-missing-file", "import sys\nraise sys.modules['wall.inside.submission'].Missing('file', 'no ' + word)"),
    _leaks("a-files-name", "open('/' + word)"),
    _leaks("a-refusals-text", "raise PermissionError(1, word, word)"),
    _leaks("a-system-exit", "raise SystemExit(word)"),
    _leaks("a-type-that-is-returned", "return type(word, (), {})()"),
    _leaks("a-list-of-types", "return [type(word, (), {})()]"),
    _leaks("a-tag-of-the-wire", "import json, os, struct\nhead = json.dumps([1, 'ok', {word: 1}]).encode()\nos.write(3, struct.pack('>IQ', len(head), 0) + head)\nimport time\ntime.sleep(9)"),
    _leaks("an-answer-that-cannot-be-sent", "import json, os, struct\nhead = json.dumps([1, 'unsendable', word]).encode()\nos.write(3, struct.pack('>IQ', len(head), 0) + head)\nimport time\ntime.sleep(9)"),
    _leaks("a-text-that-is-returned", "return word", status="graded"),
    _leaks("a-number", "return int('7361' + f'{height:03}{width:03}7361')", status="graded"),
    attack(
        "leaks-by-the-next-import",
        stops=STOPS,
        score=0,
        status="partly graded",
        source="import builtins\nif hasattr(builtins, 'seen'): raise ValueError(builtins.seen)\n"
        + AREA.replace("    if min", f"    import builtins, os\n    builtins.seen = '{MARK}_' + str(height)\n    raise ValueError(builtins.seen)\n    if min")
        + "def volume(*_): import builtins; raise ValueError(builtins.seen)\n"
        + SCALE.replace("        super()", f"        import builtins; raise ValueError(getattr(builtins, 'seen', '{MARK}_none'))\n        super()"),
    ),
]  # fmt: skip
