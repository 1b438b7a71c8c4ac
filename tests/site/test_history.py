from reconstruct.models import Reconstruction


def test_it_is_empty_for_a_new_visitor(stranger, car):
    response = stranger.get("/history/")
    assert response.status_code == 200
    assert response.context["cars"] == []


def test_it_shows_all_of_mine_and_nobody_elses(visitor, stranger, store_car):
    public, private = store_car(visitor), store_car(visitor, public=False)
    store_car(stranger)
    assert visitor.get("/history/").context["cars"] == [private, public]


def test_cars_of_nobody_are_in_nobodys_history(stranger, car):
    Reconstruction.objects.update(visitor="")
    assert stranger.get("/history/").context["cars"] == []


def test_it_renews_the_cookie(visitor, car):
    renewed = visitor.get("/history/").cookies["visitor"]
    assert renewed["max-age"] == 365 * 24 * 3600


def test_no_shared_cache_may_keep_it(visitor, car):
    assert "private" in visitor.get("/history/")["Cache-Control"]


def test_it_pages_like_the_gallery(visitor, car):
    assert visitor.get("/history/", {"before": car.pk}).context["cars"] == []
    assert visitor.get("/history/", {"before": "x"}).status_code == 404


def test_it_rejects_post(visitor, db):
    assert visitor.post("/history/").status_code == 405
