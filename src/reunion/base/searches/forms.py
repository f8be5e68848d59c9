"""What the list sends when a search is to be kept."""

from __future__ import annotations

from django import forms

from reunion.base.searches.rules import LONGEST, LONGEST_NAME


class SearchForm(forms.Form):
    """A name, and the address of the list as it was shown."""

    name = forms.CharField(max_length=LONGEST_NAME)
    address = forms.CharField(max_length=LONGEST)
