"""The internal site: its layout, its addresses, and what holds for all of its pages."""
