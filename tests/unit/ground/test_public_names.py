"""``import zbbulk``: which names there are, and that they cost nothing until they are used."""

import subprocess
import sys

import pytest

import zbbulk


@pytest.mark.parametrize("name", zbbulk.__all__)
def test_every_public_name_is_there_and_told_about(name):
    found = getattr(zbbulk, name)
    assert name == "__version__" or found.__doc__


def test_the_list_of_names_is_exact():
    assert set(zbbulk.__all__) == {*zbbulk._HOMES, "__version__"}
    assert sorted(zbbulk.__all__) == dir(zbbulk)


def test_another_name_is_not_there():
    with pytest.raises(AttributeError, match="no attribute 'improt_file'"):
        zbbulk.improt_file  # noqa: B018 - the look-up is what is tested


def test_to_import_the_package_loads_next_to_nothing():
    code = "import sys, zbbulk; print(len([n for n in sys.modules if n.startswith('zbbulk')]))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert int(ran.stdout) == 2  # itself, and its version
