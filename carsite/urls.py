from django.contrib import admin
from django.urls import include, path

handler400 = "reconstruct.views.errors.bad_request"

urlpatterns = [
    path("", include("reconstruct.urls")),
    path("admin/", admin.site.urls),
]
