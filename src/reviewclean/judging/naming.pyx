# cython: boundscheck=False, wraparound=False
"""What the names of elements tell, compiled: what `weights` finds with Python's strings where this module is not built, to equal results."""

import zlib

from libc.stdint cimport uint8_t, uint32_t
from libc.string cimport memcmp

cdef extern from "Python.h":
    const char *PyUnicode_AsUTF8AndSize(object text, Py_ssize_t *size) except NULL

ctypedef const unsigned char *Bytes

cdef enum:
    LONGEST = 1024  # bytes of names; longer ones, and what is not ASCII, are left to Python
    SHELVES = 4096  # of parts, by a number for their beginning
    MOST = 512  # parts
    INSIDE = 0  # kinds of parts: those that stand anywhere in a name, those that a word begins with, those that a word is
    BEGINNING = 1
    WHOLE = 2

cdef struct Part:
    Bytes text
    int size, field, next  # `next`: on the same shelf, or -1

cdef struct Token:
    Bytes text
    Py_ssize_t size
    uint32_t check

cdef uint32_t[256] CRC  # the table of CRC-32 (ISO 3309), which is how `weights.bucket` numbers tokens


cdef void _fill_crc() noexcept:
    cdef uint32_t i, bit, value
    for i in range(256):
        value = i
        for bit in range(8):
            value = value >> 1 ^ (<uint32_t>0xEDB88320 if value & 1 else 0)
        CRC[i] = value


_fill_crc()


cdef inline uint32_t _crc(Bytes text, Py_ssize_t size) noexcept nogil:
    cdef uint32_t value = <uint32_t>0xFFFFFFFF
    cdef Py_ssize_t i
    for i in range(size):
        value = CRC[(value ^ text[i]) & 0xFF] ^ value >> 8
    return ~value


cdef inline int _shelf(Bytes text) noexcept nogil:
    """Of the first three letters."""
    return (text[0] * 961 + text[1] * 31 + text[2]) & (SHELVES - 1)


cdef inline bint _is_space(unsigned char one) noexcept nogil:
    return one == 0x20 or 0x09 <= one <= 0x0D or 0x1C <= one <= 0x1F


cdef inline bint _is_capital(unsigned char one) noexcept nogil:
    return 0x41 <= one <= 0x5A


cdef inline bint _is_small(unsigned char one) noexcept nogil:
    return 0x61 <= one <= 0x7A


cdef class Reader:
    """Reads names: the fields that they tell, and the buckets of their tokens. One thread at a time, as long as it holds the interpreter's lock."""

    cdef list kept  # what the parts point to
    cdef Part[MOST] parts
    cdef int[3][SHELVES] shelves
    cdef int count, names_read, buckets
    cdef unsigned char[LONGEST + 1] small  # the names in small letters
    cdef Token[LONGEST] tokens
    cdef Py_ssize_t tokens_used

    def __init__(self, inside, beginning, whole, int names_read, int buckets):
        """Parts as pairs of a string, of three letters at least but for whole words, and the field that it tells."""
        cdef int kind, shelf
        cdef bytes text
        self.kept, self.names_read, self.buckets = [], names_read, buckets
        for kind in range(3):
            for shelf in range(SHELVES):
                self.shelves[kind][shelf] = -1
        for kind, parts in enumerate((inside, beginning, whole)):
            for part, field in parts:
                text = part.encode("ascii")
                if self.count == MOST or (kind != WHOLE and len(text) < 3):
                    raise ValueError(f"{part!r}: too short a part, or one too many")
                self.kept.append(text)
                shelf = zlib.crc32(text) & (SHELVES - 1) if kind == WHOLE else _shelf(<Bytes><const char *>text)
                self.parts[self.count] = Part(<Bytes><const char *>text, len(text), field, self.shelves[kind][shelf])
                self.shelves[kind][shelf] = self.count
                self.count += 1

    cdef bint read(self, str names, uint8_t *fields) except -1:
        """Find the tokens of some names, and set the fields that they tell, if `fields` is not NULL. False where it cannot."""
        cdef Py_ssize_t size = 0, at = 0, end, i
        cdef int many = 0
        cdef Bytes text = <Bytes>PyUnicode_AsUTF8AndSize(names, &size)
        self.tokens_used = 0
        if size > LONGEST:
            return False
        for i in range(size):
            if text[i] >= 0x80 or text[i] == 0x3C:  # < as in the token of a tag
                return False
            self.small[i] = text[i] | 0x20 if _is_capital(text[i]) else text[i]
        while many < self.names_read:
            while at < size and _is_space(text[at]):
                at += 1
            if at == size:
                break
            end = at
            while end < size and not _is_space(text[end]):
                end += 1
            self._name(text, at, end, fields)
            many += 1
            at = end
        return True

    cdef void _name(self, Bytes text, Py_ssize_t start, Py_ssize_t end, uint8_t *fields) noexcept:
        cdef Py_ssize_t i, begin = start
        cdef bint digits = False
        for i in range(start, end):
            if not _is_small(self.small[i]):
                self._word(begin, i, True, fields)
                begin = i + 1
                digits = digits or 0x30 <= text[i] <= 0x39
            elif i > start and _is_capital(text[i]) and _is_small(text[i - 1]):
                self._word(begin, i, True, fields)
                begin = i
        self._word(begin, end, True, fields)
        if end - start < 40 and not digits:
            self._word(start, end, False, fields)
        if fields != NULL:
            for i in range(start, end - 2):
                self._tell(INSIDE, _shelf(self.small + i), self.small + i, end - i, fields)

    cdef void _word(self, Py_ssize_t start, Py_ssize_t end, bint piece, uint8_t *fields) noexcept:
        cdef Bytes word = self.small + start
        cdef Py_ssize_t size = end - start, i
        cdef uint32_t check
        if piece and not 1 < size < 20:
            return
        check = _crc(word, size)
        if fields != NULL:
            self._tell(WHOLE, check & (SHELVES - 1), word, size, fields)
            if size > 2:
                self._tell(BEGINNING, _shelf(word), word, size, fields)
        for i in range(self.tokens_used):
            if self.tokens[i].check == check and self.tokens[i].size == size and memcmp(self.tokens[i].text, word, size) == 0:
                return
        self.tokens[self.tokens_used] = Token(word, size, check)
        self.tokens_used += 1

    cdef inline void _tell(self, int kind, int shelf, Bytes text, Py_ssize_t size, uint8_t *fields) noexcept:
        cdef int at = self.shelves[kind][shelf]
        while at >= 0:
            if (self.parts[at].size == size if kind == WHOLE else self.parts[at].size <= size) and memcmp(self.parts[at].text, text, self.parts[at].size) == 0:
                fields[self.parts[at].field] = 1
            at = self.parts[at].next

    def tell(self, list tags, list names, dict of_tags, const float[:, ::1] table, uint8_t[:, ::1] fields, float[:, ::1] weights) -> list:
        """Write the fields and weights of elements with these tags and names; which of them are left to Python.

        `of_tags`: tag -> its bucket, and whether its names tell fields; `table`: (distances or more, buckets).
        """
        cdef Py_ssize_t place, i, k
        cdef int bucket
        cdef bint heard
        cdef double total
        left = []
        for place in range(len(tags)):
            bucket, heard = <tuple>of_tags[tags[place]]
            if not self.read(<str>names[place], &fields[place, 0] if heard else NULL):
                left.append(place)
                continue
            for k in range(weights.shape[1]):
                total = table[k, bucket]
                for i in range(self.tokens_used):
                    total += table[k, self.tokens[i].check % self.buckets]
                weights[place, k] = <float>total
        return left

    def weight(self, str names, const float[::1] table):
        """The sum of the weights of the tokens of some names; None if it is left to Python."""
        cdef float total = 0
        cdef Py_ssize_t i
        if not self.read(names, NULL):
            return None
        for i in range(self.tokens_used):
            total += table[self.tokens[i].check % self.buckets]
        return total
