"""LiquidFeedback of each version on a real PostgreSQL."""

import itertools

import pytest

from tests.liquidfeedback import VERSIONS, Instance

NUMBERS = itertools.count()


@pytest.fixture
def make_platform(platforms):
    made = []

    def make(version: str = "v4") -> Instance:
        made.append(Instance(platforms, f"lf_{version}_{next(NUMBERS)}", version))
        return made[-1]

    yield make
    for instance in made:
        instance.operator.close()


@pytest.fixture(params=VERSIONS)
def every_platform(request, make_platform):
    return make_platform(request.param)


@pytest.fixture
def platform(make_platform):
    return make_platform("v4")
