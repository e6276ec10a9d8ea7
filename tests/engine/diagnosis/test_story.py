"""Stories of modules: what is compared, and that a hostile answer is compared no further than a network's could be."""

import time

import numpy as np
import pytest

from autograder.diagnosis.story import MOST_VALUES, Story, nameless, same_story, story
from autograder.marking.recorder import Answered


def call(name, value):
    return Answered("q1_box", name, (), {}, value)


def test_weights_that_were_drawn_are_told_by_their_shapes_and_loaded_ones_by_their_values():
    def of(seed, *, loaded):
        weights = {"any name": np.random.default_rng(seed).normal(size=(2, 3))}
        calls = [call("Scale.parameters", weights), call("area", 3), call("Scale.__call__", weights["any name"])]
        return story([call("Scale.load", None), *calls] if loaded else calls, "q1_box", "Scale")

    assert same_story(of(1, loaded=False), of(2, loaded=False))
    assert not same_story(of(1, loaded=True), of(2, loaded=True))
    assert len(of(1, loaded=False)) == 2  # another function's call is no part of it


def test_weights_that_are_loaded_into_one_object_say_nothing_of_another():
    def of(seed):
        drawn = {"weight": np.random.default_rng(seed).normal(size=(2, 3))}
        calls = [("Scale", None, 0), ("Scale", None, 0), ("Scale.load", None, 1), ("Scale.parameters", drawn, 2)]
        return story([Answered("q1_box", name, (), {}, value, which) for name, value, which in calls], "q1_box", "Scale")

    assert same_story(of(1), of(2))


def test_a_story_that_ends_sooner_is_another():
    whole = [call("Scale", None), call("Scale.eval", None)]
    assert not same_story(story(whole, "q1_box", "Scale"), story(whole[:1], "q1_box", "Scale"))


@pytest.mark.parametrize(
    "value",
    [list(range(3_000_000)), {"a": [[0] * 1_000_000]}, "x" * 10_000_000, 1 << 10_000_000, [[[[[[[[[[[1]]]]]]]]]]] * 1_000],
    ids=["list", "dict", "text", "int", "depth"],
)
def test_a_hostile_answer_is_followed_no_further_than_a_networks_goes(value):
    begun = time.process_time()
    assert len(nameless(value)) <= MOST_VALUES
    told = Story("q1_box", "Scale")
    assert told.hear(call("Scale.parameters", value)) and same_story(told.steps, told.steps)
    assert time.process_time() - begun < 0.5
