import pytest
from django.core.management import call_command

import ml.serving.runtime
from reconstruct.models import Reconstruction


@pytest.fixture
def examples(db, capsys):
    call_command("seed_examples")
    return list(Reconstruction.objects.examples())


def test_they_are_public_and_nobodys(examples):
    assert len(examples) == len(ml.serving.runtime.load().examples())
    assert all(car.in_gallery and car.visitor == "" for car in examples)


def test_they_are_on_the_home_page_and_said_not_to_exist(stranger, examples):
    response = stranger.get("/")
    assert len(response.context["examples"]) == 6
    assert "exist" in response.content.decode()


def test_their_page_can_be_seen_and_said_not_to_exist(stranger, examples):
    response = stranger.get(examples[0].get_absolute_url())
    assert response.status_code == 200
    assert "exist" in response.content.decode()


def test_approval_is_for_visitors_cars_only(db, settings, capsys):
    settings.GALLERY_REQUIRES_APPROVAL = True
    call_command("seed_examples")
    assert not Reconstruction.objects.filter(approved=False).exists()


def test_a_second_run_changes_nothing(examples, capsys):
    call_command("seed_examples")
    assert list(Reconstruction.objects.examples()) == examples


@pytest.mark.django_db(transaction=True)
def test_a_new_model_replaces_those_of_the_old(examples, stored_files, capsys):
    Reconstruction.objects.update(model_version="old")
    call_command("seed_examples")
    replaced = Reconstruction.objects.examples()
    assert {car.pk for car in replaced}.isdisjoint(car.pk for car in examples)
    assert len(replaced) == len(examples)
    assert len(stored_files()) == 2 * len(examples)
