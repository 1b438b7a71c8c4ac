from django.urls import path

from reconstruct import pictures, views

urlpatterns = [
    path("", views.home, name="home"),
    path("upload/", views.upload, name="upload"),
    path("gallery/", views.gallery, name="gallery"),
    path("history/", views.history, name="history"),
    path("how/", views.how, name="how"),
    path("healthz", views.healthz, name="healthz"),
    path("cars/<slug:slug>/", views.car, name="car"),
    path("cars/<slug:slug>/delete/", views.delete, name="delete"),
    path("cars/<slug:slug>/publish/", views.publish, name="publish"),
    path("cars/<slug:slug>/original", pictures.original, name="original"),
    path("cars/<slug:slug>/thumbnail", pictures.thumbnail, name="thumbnail"),
    path("cars/<slug:slug>/reconstruction", pictures.reconstruction, name="reconstruction"),
    path("cars/<slug:slug>/depth/<int:n>", pictures.depth, name="depth"),
    path("cars/<slug:slug>/difference", pictures.difference, name="difference"),
    path("cars/<slug:slug>/variation/<int:seed>", pictures.variation, name="variation"),
    path("cars/<slug:slug>/morph/<slug:other>/<int:percent>", pictures.morph, name="morph"),
]
