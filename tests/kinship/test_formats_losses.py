"""What a format cannot hold is said, never dropped in silence."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings

from reunion.kinship.formats.complaints import Complaint, DataRefused
from reunion.kinship.formats.dataset import Dataset, Sample
from reunion.kinship.formats.registry import FORMATS, Format
from tests.kinship.datasets import RULES, datasets_of_every_kind


@pytest.mark.parametrize("known", FORMATS, ids=lambda known: known.name)
@settings(max_examples=40)
@given(dataset=datasets_of_every_kind())
def test_what_does_not_come_back_has_been_said(known: Format, dataset: Dataset) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "data.out"
        said = list(known.write(dataset, path))
        try:
            reading = known.read(path, RULES)
        except DataRefused:
            back = Dataset()
        else:
            said += reading.quarantine
            back = reading.dataset
    assert_all_said(dataset, back, said)


def assert_all_said(dataset: Dataset, back: Dataset, said: list[Complaint]) -> None:
    """Whatever is not in `back` as it was is named by a complaint, and nothing came in."""
    about = {complaint.sample for complaint in said}
    values = {
        part for complaint in said for part in (complaint.value, *complaint.value.split(", "))
    }
    whole = " ".join(complaint.reason for complaint in said)
    found = {sample.id: sample for sample in back.samples}
    for sample in dataset.samples:
        other = found.pop(sample.id, Sample(sample.id))
        markers = {complaint.marker for complaint in said if complaint.sample in (sample.id, "")}
        if sample.id in about and "" in markers:
            continue
        if "does not hold samples" in whole:
            continue
        for part in ("genotypes", "haplotypes"):
            mine, theirs = getattr(sample, part), getattr(other, part)
            assert theirs.items() <= mine.items()
            assert part in values or mine.keys() - theirs.keys() <= markers
        for part in ("mitochondrial", "sex", "kit", "role"):
            assert getattr(other, part) == getattr(sample, part) or part in values
        for name, text in sample.fields.items():
            assert other.fields.get(name) == text or name in values
    assert not found, "samples came in from nowhere"
    if "does not hold families" not in whole:
        records = {family.id: family for family in back.families}
        for family in dataset.families:
            assert (
                records.get(family.id) == family
                or any(family.id in value for value in values)
                or about & set(family.samples.values())
                or any(person.id in values for person in family.pedigree)
            )
    if dataset.frequencies != back.frequencies:
        assert said
    for kept, text in dataset.kept.items():
        assert back.kept.get(kept) == text or kept in values
    for locus in dataset.mutations:
        assert (
            back.mutations.get(locus) == dataset.mutations[locus]
            or locus in values
            or locus in {complaint.marker for complaint in said}
        )
