"""What the public tests say, in English and Persian, and the form that an answer must have."""

import importlib.util
import json
import sys
import traceback
from pathlib import Path

HOME = Path(__file__).resolve().parent.parent
FACTS = Path(__file__).with_name("facts.json")  # what is asked: keys, files, texts; and the sentences about them
LATER = "agrees with a later question"
NOT_YET = "not attempted yet / هنوز حل نشده"
NOT_DEFINED = "is not defined yet / هنوز تعریف نشده"


def beside(name):
    """A module that lies beside this file, whatever else has its name."""
    spec = importlib.util.spec_from_file_location(f"public_{name}", Path(__file__).with_name(f"{name}.py"))
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # where a dataclass looks for its own module
    spec.loader.exec_module(module)
    return module


def facts():
    """What is asked; None in a folder without ``facts.json``."""
    return json.loads(FACTS.read_text("utf-8")) if FACTS.is_file() else None


def sentence(facts, key, values):
    """A sentence in both languages."""
    return " / ".join(facts["sentences"][language][key].format(**values) for language in ("en", "fa"))


def handed_in(home):
    """The numbers, code and texts in the folder, and which of them would be lost: a line each."""
    asked_for = facts()
    if asked_for is None:
        return []
    _, notes = beside("inventory").look(home, asked_for, beside("sheet"), beside("written"))
    return [sentence(asked_for, key, values) for key, values in notes]


def not_installed(packages):
    todo = f"{sys.executable} -m pip install -r requirements.txt"
    return f"not installed / نصب نیست: {', '.join(packages)}. Type / بنویسید: {todo}"


def too_long(seconds):
    return f"did not end within {seconds} s / در {seconds} ثانیه پایان نیافت"


def alone(missing):
    """For an answer whose form is right, while what it is compared with is not there."""
    return f"its form is right; to compare it, {missing} is needed / شکلش درست است؛ برای مقایسه {missing} لازم است"


def no_file(stem):
    return f"{stem}.py is missing / {stem}.py نیست"


def no_name(stem, name):
    return f"{stem}.py has no {name} / نام {name} در این فایل نیست"


def syntax(error, stem):
    """A syntax error with the character to replace, where one that is no ASCII is to blame."""
    column = error.offset or 0
    sign = (error.text or "")[column - 1 : column]
    file = Path(error.filename).name if error.filename else f"{stem}.py"  # also one that this one imports
    place = f"{file}, line {error.lineno}, column {column}"
    if sign and not sign.isascii():
        instead = sign.translate(beside("sheet").FOREIGN)
        todo = f"; type {instead} instead / به جای آن {instead} بنویسید" if instead != sign else ""
        return f"{place}: the character {sign} cannot stand there / نویسهٔ {sign} مجاز نیست{todo}"
    return f"{place}: {error.msg}"


def raised(error, stem):
    """An error with the line of the student's own files where an import failed."""
    places = [frame for frame in traceback.extract_tb(error.__traceback__) if Path(frame.filename).parent == HOME]
    place = f"{Path(places[-1].filename).name}, line {places[-1].lineno}" if places else f"{stem}.py"
    return f"{place}: {type(error).__name__}: {error}"


def unread(values):
    """For a line of the answer sheet; ``values`` are those of the note on it."""
    what = f"line {values['line']}: {values['text']}" if "line" in values else values["key"]
    return f"answers.toml, {what} – cannot be read; write key = 50 or key = [7, 8] / این سطر خوانده نمی‌شود"


def form(key, answer, sizes):
    """What is wrong about the form of an answer; empty where nothing is. ``sizes``: how many numbers a list must have."""
    numbers = answer if sizes else [answer]
    wanted, fa = (f"a list of {sizes} whole numbers", f"فهرستی از {sizes} عدد") if sizes else ("a whole number", "یک عدد")
    fits = isinstance(numbers, list) and len(numbers) == (sizes or 1)
    if fits and all(type(size) in (int, float) and size > 0 and size == int(size) for size in numbers):
        return ""
    return f"{key}: write {wanted}; your answer is {answer!r} / {fa} بنویسید؛ پاسخ شما {answer!r} است"


def not_refused(call, value):
    en = f"{call} gave {value!r}: no such layer is possible, so it should raise ValueError"
    return f"{en} / چنین لایه‌ای ممکن نیست؛ تابع باید ValueError بدهد"


def disagreement(key, answer, own, en, fa):
    both = f"{key}: your answer is {answer}, {en} says {own}; check both, since one of them is wrong"
    return f"{both} / پاسخ شما {answer} است و {fa} {own} می‌گوید؛ یکی از این دو را دوباره بررسی کنید"
