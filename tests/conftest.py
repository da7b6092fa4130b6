"""What the tests share: the shipped model, loaded once, and a page that looks like one."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import settings

from reviewclean import Cleaner
from reviewclean.judging.ngrams import BUCKETS, Ngrams
from reviewclean.judging.stems import STEM_BUCKETS, TOPICS, Lexis

settings.register_profile("steady", deadline=None)  # a busy machine is no failure
settings.load_profile("steady")

ROOT = Path(__file__).resolve().parent.parent
FLAT = Lexis(np.ones(STEM_BUCKETS, np.float32), np.zeros((STEM_BUCKETS, TOPICS), np.float32), Ngrams(np.zeros(BUCKETS, np.int16), np.zeros(BUCKETS, np.int16)))  # nothing is known of any stem or word

PAGE = """<!doctype html><html lang="en"><head><title>The Glass Ferry review | Lantern Weekly</title>
<meta property="og:site_name" content="Lantern Weekly">
<script type="application/ld+json">{"@type":"Review","headline":"The Glass Ferry review","author":{"@type":"Person","name":"Ines Holloway"},"datePublished":"2023-05-04","reviewRating":{"ratingValue":4,"bestRating":5}}</script>
</head><body class="single">
<nav class="main-menu"><ul><li><a href="/">Home</a></li><li><a href="/film">Film</a></li><li><a href="/books">Books</a></li><li><a href="/about">About us</a></li></ul></nav>
<article class="post"><h1>The Glass Ferry review</h1><p class="byline">By Ines Holloway | 4 May 2023</p>
<div class="entry-content">
<p>The Glass Ferry opens on a harbour at five in the morning and stays there, with great patience, for most of an hour. Marta Quill plays the ferry captain who has
stopped speaking to her passengers, and she plays her so quietly that you find yourself leaning towards the screen.</p>
<p>Director Paul Aster has made a film about work: ropes, tickets, the timetable that nobody reads. When the captain's brother comes home from the city, the film lets the
two of them repair an engine together before it lets them talk, and the repair tells us more than the talk does.</p>
<p>Planning a night in of your own? Spin the reels at Lucky Marble Casino, where new players get 200 free spins and a welcome bonus of up to £500 when they sign up today.</p>
<p>Not everything holds. The storm in the last act belongs to a louder film, and a subplot about the harbour master's debts is dropped as soon as it gets interesting. But the
captain's face in the wheelhouse window, lit green by the instruments, is the image that stays with me from this year's festival.</p>
<h2>Verdict</h2>
<p>A slow, stubborn, beautiful film about people who would rather mend a thing than discuss it. Marta Quill has never been better, and the ferry deserves a prize too.</p>
</div>
<div class="share-buttons"><a href="https://facebook.com/sharer">Share on Facebook</a> <a href="https://twitter.com/intent">Tweet this</a></div>
<div class="related-posts"><h3>Related posts</h3><ul><li><a href="/a">Ten Films About Boats</a></li><li><a href="/b">How To Clean A Projector</a></li></ul></div>
</article>
<footer class="site-footer"><p>Copyright 2023 Lantern Weekly. All rights reserved. <a href="/privacy">Privacy policy</a></p></footer></body></html>"""
PROMO = "Lucky Marble Casino"
KEPT = ("opens on a harbour", "about work: ropes", "Not everything holds", "Verdict", "never been better")
GONE = ("Home", "Share on Facebook", "Ten Films About Boats", "All rights reserved")


@pytest.fixture(scope="session")
def cleaner() -> Cleaner:
    return Cleaner()
