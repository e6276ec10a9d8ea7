"""The marking page: ``convgrade mark`` serves it on this machine alone.

``serve`` starts and ends it. ``app`` says which address does what, behind the checks of ``guards`` and for the people of
``people``. ``desk`` knows the class, the rubric and the readings, and refreshes each when its file changes; ``queue`` says which
answer comes next, ``sheet`` what a marker sees of it, ``saving`` what a marker's decision becomes. ``answers`` holds the class's
answers under anonymous ids and ``page`` what the page is given when it opens. ``shown`` turns a student's text into harmless pieces,
``leases`` remembers who has which answer open, ``same`` finds equal and similar texts, ``quality`` and ``agreement`` say how well
people agree. The pages are ``page.html.j2`` and ``quality.html.j2``, with ``static/mark.js`` and ``static/mark.css``.
"""
