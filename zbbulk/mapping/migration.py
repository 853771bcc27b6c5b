"""What a migration file says: several files that are sent one after the other.

Values only, each step with the line it stands in. Does not know the mappings it names.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """The name of another step or a file, and where it stands in the migration file."""

    text: str
    line: int
    at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MigrationStep:
    """One file and its mapping.

    Attributes:
        id: Its name, which no other step has.
        mapping: Path of the mapping from the migration file, or the name of one that ships.
        file: Path of the sheet from the migration file, None for the one of the mapping.
        after: Steps that must have ended before it, beside those that its lookups need.
        line, at: Where it stands.
    """

    id: str
    mapping: Reference
    file: Reference | None = None
    after: tuple[Reference, ...] = ()
    line: int = 1
    at: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Migration:
    """One loaded migration file.

    Attributes:
        file: Path as the user gave it.
        title: For people.
        organization: The only organization it may go to, "" for any.
        edition: Country edition of the organization, None when it names none.
        notify: The webhook that is told when it ends, "" for none.
        steps: In the order of the file.
    """

    file: str
    title: str
    organization: str = ""
    edition: str | None = None
    notify: str = ""
    steps: tuple[MigrationStep, ...]
