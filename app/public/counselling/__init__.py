"""Confidential counsel as the public sees it: reading pages, writing in, coming back. Nothing readable is ever kept here."""
