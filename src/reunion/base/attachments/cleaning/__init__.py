"""The cleaner: bytes in, bytes out. It runs in a child process and knows no Django and no network.

What comes out is built anew from what is seen or heard; nothing of the file is copied as it is.
"""
