# cython: boundscheck=False, wraparound=False, cdivision=True
"""The numbers of words and the phrases that they make, compiled: what `wording` does with numpy where this module is not built, to equal numbers."""

from libc.stdint cimport int16_t, int64_t, uint8_t, uint16_t, uint32_t, uint64_t
from libc.stdlib cimport free, malloc, qsort
from libc.string cimport memcpy, memset

cdef enum:
    SMALL = 200  # values, which are sorted by insertion

cdef struct Placed:
    int64_t value
    Py_ssize_t place


def count(const uint32_t[::1] codes, const uint8_t[::1] kinds, const uint8_t[::1] inside, uint8_t[::1] kind):
    """Write the class of each character, `kind`, and return how many words there are. `kinds`, `inside`: tables by code point, as `letters` has them."""
    cdef Py_ssize_t i, words = 0
    cdef uint32_t code, last = <uint32_t>(kinds.shape[0] - 1)
    cdef bint before = False, now
    with nogil:
        for i in range(codes.shape[0]):
            code = min(codes[i], last)
            kind[i] = kinds[code]
            now = inside[code]
            words += now and not before
            before = now
    return words


def number(
    const uint32_t[::1] codes, const uint8_t[::1] inside, const uint64_t[::1] lower, uint64_t base, uint64_t mix, Py_ssize_t letters,
    int64_t[::1] start, int64_t[::1] end, uint64_t[::1] word, uint64_t[::1] stem,
):
    """Write where each word begins and ends, its number and that of its first `letters` letters; the last character is in no word.

    A word's number is the sum of (letter + 1) * base ** place over its letters, times `mix`, modulo 2 ** 64.
    """
    cdef Py_ssize_t i, at = -1
    cdef uint32_t code, last = <uint32_t>(inside.shape[0] - 1)
    cdef uint64_t total = 0, power = 1, head = 0
    cdef bint before = False, now
    with nogil:
        for i in range(codes.shape[0]):
            code = min(codes[i], last)
            now = inside[code]
            if now:
                if not before:
                    at += 1
                    start[at] = i
                    total, power = 0, 1
                total += (lower[code] + 1) * power
                power *= base
                if i - start[at] < letters:
                    head = total
            elif before:
                end[at] = i
                word[at] = total * mix
                stem[at] = head * mix
            before = now


def tally(const uint8_t[::1] kind, const int64_t[::1] bounds, int64_t[:, ::1] counts):
    """Add how many characters of each class each stretch has to `counts`, (stretches, classes). `bounds`: (stretches + 1,), where each begins."""
    cdef Py_ssize_t stretch, i
    with nogil:
        for stretch in range(counts.shape[0]):
            for i in range(bounds[stretch], bounds[stretch + 1]):
                counts[stretch, kind[i]] += 1


def known(const uint64_t[::1] word, uint64_t salt, int shift, const int16_t[::1] places, const uint64_t[::1] keys, const uint32_t[::1] bits, uint32_t[::1] found):
    """Write the bits of each word, 0 for those that are not among `keys`. `places`: where a word is among them, if it is, by the upper bits of its number times `salt`."""
    cdef Py_ssize_t i, at
    with nogil:
        for i in range(word.shape[0]):
            at = places[word[i] * salt >> shift]
            found[i] = bits[at] if keys[at] == word[i] else 0


def phrases(
    const uint64_t[::1] word, const uint32_t[::1] bits, uint32_t lengths_from, int longest, uint64_t gram, uint64_t mix, const int64_t[::1] ends, const int64_t[::1] part,
    const uint64_t[::1] grams, const int64_t[::1] shelves, const uint16_t[::1] families, double[:, ::1] counts,
):
    """Add the words of all phrases to `counts`, (parts, families).

    `bits`, from bit `lengths_from` on: how long the phrases are that a word begins. `ends`: (words,), the word after the last of the same text.
    `grams`: the numbers of phrases, ascending, each with its `families` as bits; `shelves`: where those begin whose upper 16 bits are 0, 1, 2 …
    """
    cdef Py_ssize_t i, place
    cdef int length, family
    cdef uint32_t lengths
    cdef uint64_t so_far, key
    cdef uint16_t found
    with nogil:
        for i in range(word.shape[0]):
            lengths = bits[i] >> lengths_from
            if not lengths:
                continue
            so_far = 0
            for length in range(1, longest + 1):
                if i + length > ends[i]:
                    break
                so_far = word[i] if length == 1 else so_far * gram + word[i + length - 1]
                if not lengths >> (length - 1) & 1:
                    continue
                key = so_far * mix
                place = shelves[key >> 48]
                while place < grams.shape[0] and grams[place] < key:
                    place += 1
                if place < grams.shape[0] and grams[place] == key:
                    found = families[place]
                    for family in range(counts.shape[1]):
                        if found >> family & 1:
                            counts[part[i], family] += length


def heads(
    const int64_t[::1] first, const uint64_t[::1] word, Py_ssize_t size, const float[::1] table, int shift, const int64_t[::1] page,
    const uint64_t[::1] titles, const int64_t[::1] bounds, int64_t[::1] seen, double[::1] weight, int64_t[::1] in_title,
):
    """Write of the first `size` words of each text: the sum of their weights, and how many different ones stand in the title of its page.

    `first`: (texts + 1,), the first word of each text. `table`: weights by the upper bits of a word's number, from bit `shift` on. `titles`: the words of titles
    as `page` << 48 | number >> 16, ascending; `bounds`: (pages + 1,), where those of each page begin; `seen`: (titles,), of -1.
    """
    cdef Py_ssize_t text, i, low, high, middle, start = 0, end = 0
    cdef int64_t current = -1
    cdef uint64_t key, marks = 0
    cdef double total
    with nogil:
        for text in range(page.shape[0]):
            if page[text] != current:
                current, marks = page[text], 0  # a quick no for most words
                start, end = bounds[current], bounds[current + 1]
                for i in range(start, end):
                    marks |= <uint64_t>1 << (titles[i] & 63)
            total = 0
            for i in range(first[text], min(first[text] + size, first[text + 1])):
                total += table[word[i] >> shift]
                key = <uint64_t>current << 48 | word[i] >> 16
                if marks >> (key & 63) & 1:
                    low, high = start, end
                    while low < high:
                        middle = (low + high) // 2
                        if titles[middle] < key:
                            low = middle + 1
                        else:
                            high = middle
                    if low < end and titles[low] == key and seen[low] != text:
                        seen[low] = text
                        in_title[text] += 1
            weight[text] = total


cdef int _order(const void *one, const void *other) noexcept nogil:
    cdef const Placed *a = <const Placed *>one
    cdef const Placed *b = <const Placed *>other
    if a.value != b.value:
        return 1 if a.value > b.value else -1
    return 1 if a.place > b.place else -1


def paired(const int64_t[::1] of, const int64_t[::1] value, int64_t[::1] group, int64_t[::1] kept, int64_t[::1] times, int64_t[::1] first) -> int:
    """Write the different values of each group, ascending, with how often each stands in it and where first; return how many there are.

    `of`: (values,), ascending, the group of each value; what is written to has room for as many.
    """
    cdef Py_ssize_t size = of.shape[0], start = 0, end, i, k, found = -1
    cdef Placed *run = <Placed *>malloc((size + 1) * sizeof(Placed))
    cdef Placed one
    if run == NULL:
        raise MemoryError()
    with nogil:
        while start < size:
            end = start
            while end < size and of[end] == of[start]:
                one = Placed(value[end], end)
                k = end - start
                if k < SMALL:
                    while k and run[k - 1].value > one.value:
                        run[k] = run[k - 1]
                        k -= 1
                run[k] = one
                end += 1
            if end - start > SMALL:
                qsort(run, end - start, sizeof(Placed), _order)
            for i in range(end - start):
                if not i or run[i].value != run[i - 1].value:
                    found += 1
                    group[found], kept[found], times[found], first[found] = of[start], run[i].value, 0, run[i].place
                times[found] += 1
            start = end
    free(run)
    return found + 1


def ranked(const uint64_t[::1] keys, int64_t[::1] number, uint64_t[::1] kept) -> int:
    """Write the different keys, as they come, to `kept`, and for each key which of them it is; return how many there are. `kept` has room for all."""
    cdef Py_ssize_t i, at, size = 1, found = 0
    while size < 2 * keys.shape[0]:
        size *= 2
    cdef int64_t *slots = <int64_t *>malloc(size * sizeof(int64_t))
    if slots == NULL:
        raise MemoryError()
    with nogil:
        memset(slots, 0xFF, size * sizeof(int64_t))
        for i in range(keys.shape[0]):
            at = ((keys[i] * <uint64_t>0x9E3779B97F4A7C15) >> 20) & <uint64_t>(size - 1)
            while slots[at] >= 0 and kept[slots[at]] != keys[i]:
                at = (at + 1) & (size - 1)
            if slots[at] < 0:
                slots[at] = found
                kept[found] = keys[i]
                found += 1
            number[i] = slots[at]
    free(slots)
    return found


def blend(const int64_t[::1] row, const int64_t[::1] stem, const double[::1] weight, const double[:, ::1] topics, double[:, ::1] out):
    """Add to each row of `out` the topics of its stems, by weight, pair after pair."""
    cdef Py_ssize_t i, k
    with nogil:
        for i in range(row.shape[0]):
            for k in range(topics.shape[1]):
                out[row[i], k] += weight[i] * topics[stem[i], k]


def cut(
    const uint32_t[::1] codes, const uint8_t[::1] kind, const int64_t[::1] word_start, const int64_t[::1] word_end, const uint64_t[::1] word, const uint64_t[::1] stem,
    const int64_t[::1] starts, const int64_t[::1] ends, const int64_t[::1] first, const int64_t[::1] last, uint8_t space,
    uint32_t[::1] new_codes, uint8_t[::1] new_kind, int64_t[::1] new_start, int64_t[::1] new_end, int64_t[::1] new_text, uint64_t[::1] new_word, uint64_t[::1] new_stem, int64_t[::1] which,
):
    """Write the columns of some stretches as texts of their own, a line break (of class `space`) after each, and which words theirs are.

    `starts`, `ends`: of the stretches, in characters; `first`, `last`: their first words, and those after their last.
    """
    cdef Py_ssize_t i, k, size, at = 0, place = 0
    with nogil:
        for i in range(starts.shape[0]):
            size = ends[i] - starts[i]
            if size:
                memcpy(&new_codes[at], &codes[starts[i]], size * sizeof(uint32_t))
                memcpy(&new_kind[at], &kind[starts[i]], size)
            new_codes[at + size], new_kind[at + size] = 0x0A, space
            for k in range(first[i], last[i]):
                new_start[place], new_end[place] = word_start[k] - starts[i] + at, word_end[k] - starts[i] + at
                new_text[place], new_word[place], new_stem[place], which[place] = i, word[k], stem[k], k
                place += 1
            at += size + 1
