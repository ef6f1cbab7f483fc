"""The forms' room: which names a page may send, how each is cleaned on the way in, and who is judged by what.

The body of a request is read here and nowhere else. The rooms of the topics import these forms, never the other way.
"""
