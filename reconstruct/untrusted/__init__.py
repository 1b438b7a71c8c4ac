"""The one gate for pictures from strangers.

A file is decoded in a process of its own, whose memory and processor time are limited, and which knows no secrets. What
comes back is a clean RGB picture and nothing else of the file, or the reason why there is none.
"""
