"""The engine's own error is one line: what happened, where, what to do next."""

from autograder.errors import ConvgradeError


def test_an_error_says_where_what_and_what_to_do():
    assert str(ConvgradeError("it is broken", where="a.yml:3", todo="Mend it.")) == "a.yml:3: it is broken. Mend it."
    assert str(ConvgradeError("it is broken", where="a.yml")) == "a.yml: it is broken"
    assert str(ConvgradeError("it is broken", todo="Mend it.")) == "it is broken. Mend it."
    assert str(ConvgradeError("it is broken")) == "it is broken"
