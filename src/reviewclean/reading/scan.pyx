# cython: boundscheck=False, wraparound=False
"""A quick look at the bytes of a page, compiled. Where this module is not built, `decode` takes the passes that it spares, to the same text."""

from cpython.bytes cimport PyBytes_AS_STRING, PyBytes_FromStringAndSize
from libc.stdint cimport uint8_t, uint64_t
from libc.string cimport memchr, memcpy

cdef extern from "Python.h":
    const char *PyUnicode_AsUTF8AndSize(object text, Py_ssize_t *size) except NULL
    bint PyUnicode_IS_ASCII(object text)


cdef enum:
    BROKEN = 0
    UNTIDY = 1
    TIDY = 2

cdef uint64_t EACH = 0x0101010101010101, TOPS = <uint64_t>0x8080808080808080, LOWS = 0x7F7F7F7F7F7F7F7F  # of eight bytes


def state(const uint8_t[::1] body) -> int:
    """TIDY, UNTIDY or BROKEN: whether bytes are UTF-8, as Python takes it (nothing longer than need be, no surrogates, nothing beyond U+10FFFF), and if so,
    whether nothing has to be taken out of it: no control characters but tab and line ends, no byte-order marks, zero-width spaces or soft hyphens.
    """
    return _state(body)


cdef int _state(const uint8_t[::1] body) noexcept nogil:
    cdef Py_ssize_t i = 0, size = body.shape[0], more
    cdef uint64_t eight, strange = 0
    cdef uint8_t a, low, high
    cdef bint untidy = False
    while i < size:
        if i + 8 <= size:
            memcpy(&eight, &body[i], 8)
            if not eight & TOPS:  # ASCII, as most of a page: each byte below a space that is no tab or line end, or a delete, sets the top of its place
                strange |= ~((eight | TOPS) - 0x20 * EACH) & ((eight ^ 0x09 * EACH) + LOWS) & ((eight ^ 0x0A * EACH) + LOWS) & ((eight ^ 0x0D * EACH) + LOWS) & TOPS
                strange |= ~((eight ^ LOWS) + LOWS) & TOPS
                i += 8
                continue
        a = body[i]
        if a < 0x80:
            untidy = untidy or (a < 0x20 and a != 0x09 and a != 0x0A and a != 0x0D) or a == 0x7F
            i += 1
            continue
        low, high = 0x80, 0xBF  # of the second byte
        if 0xC2 <= a <= 0xDF:
            more = 1
        elif 0xE0 <= a <= 0xEF:
            more = 2
            low, high = (0xA0 if a == 0xE0 else 0x80), (0x9F if a == 0xED else 0xBF)
        elif 0xF0 <= a <= 0xF4:
            more = 3
            low, high = (0x90 if a == 0xF0 else 0x80), (0x8F if a == 0xF4 else 0xBF)
        else:
            return BROKEN
        if i + more >= size or not low <= body[i + 1] <= high:
            return BROKEN
        if more > 1 and body[i + 2] & 0xC0 != 0x80 or more > 2 and body[i + 3] & 0xC0 != 0x80:
            return BROKEN
        if more < 3:
            untidy = untidy or _is_rare(a, body[i + 1], body[i + 2] if more == 2 else 0)
        i += more + 1
    return UNTIDY if untidy or strange else TIDY


cdef inline bint _is_rare(uint8_t a, uint8_t b, uint8_t c) noexcept nogil:
    """U+0080 to U+009F, U+00AD, U+200B, U+FEFF, U+FFFE and U+FFFF."""
    return a == 0xC2 and (b < 0xA0 or b == 0xAD) or a == 0xE2 and b == 0x80 and c == 0x8B or a == 0xEF and (b == 0xBB and c == 0xBF or b == 0xBF and c >= 0xBE)


def refers(const uint8_t[::1] html) -> bool:
    """Whether a page refers to a control character by its number, as `segment.CONTROL` has it."""
    return _refers(html)


cdef bint _refers(const uint8_t[::1] html) noexcept nogil:
    cdef Py_ssize_t i = 0, size = html.shape[0]
    cdef const uint8_t *found
    cdef int number
    if not size:
        return False
    while i < size:
        found = <const uint8_t *>memchr(&html[i], 0x26, size - i)  # &
        if found == NULL:
            return False
        i = found - &html[0] + 1
        if i >= size or html[i] != 0x23:  # #
            continue
        i += 1
        if i < size and html[i] | 0x20 == 0x78:  # x
            i += 1
            number = _number(html, &i, 16)
            if 1 <= number <= 8 or number == 0xB or number == 0xC or 0xE <= number <= 0x1F or number == 0x7F:
                return True
        else:
            number = _number(html, &i, 10)
            if 1 <= number <= 8 or number == 11 or 14 <= number <= 31 or number == 127:
                return True
    return False


cdef int _number(const uint8_t[::1] html, Py_ssize_t *at, int base) noexcept nogil:
    """The number that is written at a place, or one that is too large, if that has many digits; 0 where there is none. `at` is moved behind it."""
    cdef int number = 0, digit
    while at[0] < html.shape[0]:
        if 0x30 <= html[at[0]] <= 0x39:
            digit = html[at[0]] - 0x30
        elif base == 16 and 0x61 <= html[at[0]] | 0x20 <= 0x66:
            digit = (html[at[0]] | 0x20) - 0x61 + 10
        else:
            break
        number = min(number * base + digit, 1 << 16)
        at[0] += 1
    return number


def brackets(const uint8_t[::1] html) -> int:
    """How many opening brackets a page has."""
    cdef Py_ssize_t i = 0, stop, found = 0, size = html.shape[0]
    cdef uint8_t few
    with nogil:
        while i < size:
            stop, few = min(i + 255, size), 0  # counts in one byte: the compiler takes many at a time
            while i < stop:
                few += html[i] == 0x3C
                i += 1
            found += few
    return found


def plain(const uint8_t[::1] body) -> bytes:
    """UTF-8 with all that makes it untidy taken out of it, vertical tabs, form feeds and U+0085 as spaces."""
    cdef Py_ssize_t i = 0, size = body.shape[0]
    cdef bytes made = PyBytes_FromStringAndSize(NULL, size)
    cdef uint8_t *out = <uint8_t *>PyBytes_AS_STRING(made)
    cdef Py_ssize_t written = 0
    cdef uint8_t a, b, c
    with nogil:
        while i < size:
            a = body[i]
            b = body[i + 1] if i + 1 < size else 0
            c = body[i + 2] if i + 2 < size else 0
            if a < 0x20 and a != 0x09 and a != 0x0A and a != 0x0D or a == 0x7F:
                if a == 0x0B or a == 0x0C:
                    out[written] = 0x20
                    written += 1
                i += 1
            elif a >= 0x80 and _is_rare(a, b, c):
                if a == 0xC2 and b == 0x85:
                    out[written] = 0x20
                    written += 1
                i += 2 if a == 0xC2 else 3
            else:
                out[written] = a
                written += 1
                i += 1
    return made[:written]


def host(str url):
    """As `reading.host_of`; None where an address is not ASCII."""
    if not PyUnicode_IS_ASCII(url):
        return None
    cdef Py_ssize_t size = 0, at = 0, end
    cdef const uint8_t *text = <const uint8_t *>PyUnicode_AsUTF8AndSize(url, &size)  # a zero follows the last one
    while _is_space(text[at]):
        at += 1
    end = at
    if _is_letter(text[end]):
        while _is_letter(text[end]) or 0x30 <= text[end] <= 0x39 or text[end] == 0x2B or text[end] == 0x2D or text[end] == 0x2E:  # + - .
            end += 1
        at = end + 1 if text[end] == 0x3A else size  # :
    if at + 1 >= size or text[at] != 0x2F or text[at + 1] != 0x2F:  # /
        return ""
    at += 2
    end = at
    while end < size and not _ends_host(text[end]) and text[end] != 0x40:  # @
        end += 1
    if text[end] == 0x40:
        at = end + 1
    end = at
    if text[at] == 0x5B:  # [
        end += 1
        while 0x30 <= text[end] <= 0x3A or text[end] == 0x2E or 0x61 <= text[end] | 0x20 <= 0x66:  # digits and colons, full stops, a to f
            end += 1
        end = end + 1 if text[end] == 0x5D else at  # ]
    if end == at:
        while end < size and not _ends_host(text[end]) and text[end] != 0x3A and not _is_space(text[end]):
            end += 1
    return url[at:end].lower().removeprefix("www.")


cdef inline bint _ends_host(uint8_t one) noexcept nogil:
    return one == 0x2F or one == 0x3F or one == 0x23  # / ? #


cdef inline bint _is_letter(uint8_t one) noexcept nogil:
    return 0x61 <= one | 0x20 <= 0x7A


cdef inline bint _is_space(uint8_t one) noexcept nogil:
    return one == 0x20 or 0x09 <= one <= 0x0D or 0x1C <= one <= 0x1F
