"""Reporting a car of the gallery, or one that a link leads to."""

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from reconstruct import moderation
from reconstruct.limits.requests import limited
from reconstruct.models import Reconstruction, Report
from reconstruct.visitors import get_open_car_or_404, new_visitor, remember, visitor_of


class ReportForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in the stubs alone
    class Meta:
        model = Report
        fields = ("reason",)


@require_POST
@limited("reports")
def report(request: HttpRequest, slug: str) -> HttpResponse:
    """Stores a visitor's report of a car. The visitor gets a cookie, so that each visitor counts once."""
    car = get_open_car_or_404(request, slug)
    form = ReportForm(request.POST)
    if not form.is_valid():
        messages.warning(request, "Say what is wrong with the car, in 200 characters at most. Nothing was sent.")
        return redirect(f"{car.get_absolute_url()}#report")

    visitor = visitor_of(request) or new_visitor()
    try:
        moderation.report(car, visitor, form.cleaned_data["reason"])
    except Reconstruction.DoesNotExist:
        raise Http404 from None
    messages.success(request, "Thank you. Someone of us will look at this car.")
    response = redirect("gallery")
    remember(response, visitor)
    return response
