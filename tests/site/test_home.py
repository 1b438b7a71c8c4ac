from reconstruct.models import Reconstruction


def test_it_shows_the_form_and_nothing_is_for_the_gallery_unless_the_visitor_says_so(visitor):
    response = visitor.get("/")
    assert response.status_code == 200
    assert not response.context["form"]["public"].value()
    assert b"checked" not in response.content
    assert b'name="image"' in response.content
    assert b'enctype="multipart/form-data"' in response.content


def test_it_rejects_post(visitor):
    assert visitor.post("/").status_code == 405


def test_it_shows_the_latest_public_cars_newest_first(visitor, store_car):
    cars = [store_car(visitor) for _ in range(9)]
    store_car(visitor, public=False)
    assert visitor.get("/").context["latest"] == cars[:0:-1]


def test_it_shows_examples_apart_from_visitors_cars(visitor, car):
    Reconstruction.objects.update(origin="example")
    context = visitor.get("/").context
    assert (context["examples"], context["latest"]) == ([car], [])


def test_it_takes_two_queries_however_many_cars_there_are(visitor, store_car, django_assert_num_queries):
    for _ in range(3):
        store_car(visitor)
    with django_assert_num_queries(2):
        visitor.get("/")
