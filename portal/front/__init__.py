"""Public answers kept as bytes and given again before the application is asked.

One is good while two things hold: the mark of what is public has not moved (`storage/public_changes.py`), and the next
change by time has not come. Both are looked at for every request.
"""
