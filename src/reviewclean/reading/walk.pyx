# cython: boundscheck=False, wraparound=False, initializedcheck=False
"""The walk of `segment` with the texts of `draft`, compiled: to the same blocks, in a third of the time.

The tree is asked by the parser's own functions, which selectolax brings and which any program may call; where they cannot be found, importing
this module fails, and the walk is taken in Python. Text is gathered as bytes, with the marks of `draft` among them.
"""

import ctypes

from cpython cimport array
from cpython.unicode cimport PyUnicode_DecodeUTF8
from libc.stdint cimport uint64_t
from libc.stdlib cimport free, realloc
from libc.string cimport memcmp, memcpy, memset

import selectolax.lexbor

from reviewclean.data import Block, Mark, Step
from reviewclean.reading import draft, roles

cdef extern from "Python.h":
    bint Py_UNICODE_ISLOWER(Py_UCS4 point) noexcept nogil
    bint Py_UNICODE_ISSPACE(Py_UCS4 point) noexcept nogil
    bint Py_UNICODE_ISUPPER(Py_UCS4 point) noexcept nogil
    const char *PyUnicode_AsUTF8AndSize(object text, Py_ssize_t *size) except NULL
    void PyObject_GC_UnTrack(object one)

ctypedef void *Node
ctypedef const unsigned char *Bytes
ctypedef Node (*Other)(Node) noexcept nogil
ctypedef size_t (*Number)(Node) noexcept nogil
ctypedef int (*Type)(Node) noexcept nogil
ctypedef Bytes (*Told)(Node, size_t *) noexcept nogil


def _address(name):
    try:
        return ctypes.cast(getattr(ctypes.CDLL(selectolax.lexbor.__file__), name), ctypes.c_void_p).value
    except (AttributeError, OSError) as error:
        raise ImportError(f"the parser's {name} cannot be found ({error})") from None


cdef Other first_child = <Other><size_t>_address("lxb_dom_node_first_child_noi")
cdef Other next_node = <Other><size_t>_address("lxb_dom_node_next_noi")
cdef Other parent_of = <Other><size_t>_address("lxb_dom_node_parent_noi")
cdef Number tag_id = <Number><size_t>_address("lxb_dom_node_tag_id_noi")
cdef Type type_of = <Type><size_t>_address("lxb_dom_node_type_noi")
cdef Told text_of = <Told><size_t>_address("lxb_dom_node_text_content")
cdef Told tag_name = <Told><size_t>_address("lxb_dom_element_qualified_name")
cdef Other first_attribute = <Other><size_t>_address("lxb_dom_element_first_attribute_noi")
cdef Other next_attribute = <Other><size_t>_address("lxb_dom_element_next_attribute_noi")
cdef Told attribute_name = <Told><size_t>_address("lxb_dom_attr_qualified_name")
cdef Told attribute_value = <Told><size_t>_address("lxb_dom_attr_value_noi")

cdef enum:
    ELEMENT_NODE = 1
    TEXT_NODE = 3
    MOST_LEVELS = 256  # more than DEEPEST
    ROOM = 1024  # bytes, or frames, to begin with
    SLOTS = 1 << 18  # a power of two, for kinds of elements
    PROBES = 64  # slots that are looked at: where all are taken by others, the register is asked
    LINK = 1  # the marks of `draft`, as bytes
    STRONG = 2
    EM = 3
    CLOSE = 4
    BREAK = 5
    CELL = 6

cdef int TEXT = roles.TEXT, BLOCK = roles.BLOCK, INLINE = roles.INLINE, LINE = roles.LINE
cdef int KIND_STEPS = draft.KIND_STEPS, HTML_TAGS = roles.HTML_TAGS, DEEPEST = roles.DEEPEST, SIMPLE_ROW = roles.SIMPLE_ROW, ROW_TEXT = roles.ROW_TEXT
cdef object ROLES = roles.ROLES, IN_ROW = roles.IN_ROW, CELLS = roles.CELLS, EMPHASIS = draft.EMPHASIS
if DEEPEST >= MOST_LEVELS:
    raise ValueError(f"paths of {DEEPEST} levels: make MOST_LEVELS more")
cdef list HIDDEN = [token.encode() for token in roles.HIDDEN_TOKENS]
cdef object hidden_token = roles.hidden_token, hidden_style = roles.hidden_style
cdef object paid = draft.paid, is_paragraph = draft.is_paragraph
cdef object PROPERTIES = roles.TELLING_PROPERTIES, JSON_LD = roles.JSON_LD, CANONICAL = roles.CANONICAL
cdef tuple KINDS = ("", "link", "strong", "em")

cdef list _tags = [None] * HTML_TAGS  # by the number of a tag that HTML knows


cdef class Tag:
    """What is known of all elements of one tag."""

    cdef str name
    cdef object kind  # of the blocks below it; None where it tells nothing
    cdef int role, emphasis, level
    cdef uint64_t hash
    cdef bint cell, row, link, script, in_row, ends_kind, holds_items, tells, says

    def __init__(self, str name):
        self.hash = <uint64_t>hash(name)
        self.name, self.kind, self.level = name, draft.KINDS.get(name), draft.HEADINGS.get(name, 0)
        self.ends_kind, self.holds_items = name in draft.ENDS_KIND, name in draft.LISTS
        self.tells, self.says = name in roles.TELLING_TAGS, name in roles.SAYING_TAGS
        self.role = ROLES.get(name, BLOCK)
        self.cell, self.row, self.link, self.script, self.in_row = name in CELLS, name == "tr", name == "a", name == "script", name in IN_ROW
        self.emphasis = ord(EMPHASIS[name]) if name in EMPHASIS else 0


cdef Tag _tag_of(Node element):
    """The tag of an element. Numbers of tags that HTML does not know are the page's own, and not remembered."""
    cdef size_t size = 0, number = tag_id(element)
    if number < <size_t>HTML_TAGS and _tags[number] is not None:
        return <Tag>_tags[number]
    cdef Bytes name = tag_name(element, &size)
    cdef Tag found = Tag(_decoded(name, size) if name != NULL else "")
    if number < <size_t>HTML_TAGS:
        _tags[number] = found
    return found


cdef inline str _decoded(Bytes text, size_t size):
    return PyUnicode_DecodeUTF8(<const char *>text, size, "replace")


cdef inline Py_UCS4 _point(const unsigned char *text, size_t left, size_t *size) noexcept nogil:
    """The character that begins here, and how many bytes it has. What is no UTF-8 counts byte by byte."""
    cdef unsigned char first = text[0]
    if first < 0x80:
        size[0] = 1
        return first
    if first >= 0xF0 and left >= 4:
        size[0] = 4
        return (first & 0x07) << 18 | (text[1] & 0x3F) << 12 | (text[2] & 0x3F) << 6 | (text[3] & 0x3F)
    if first >= 0xE0 and left >= 3:
        size[0] = 3
        return (first & 0x0F) << 12 | (text[1] & 0x3F) << 6 | (text[2] & 0x3F)
    if first >= 0xC2 and left >= 2:
        size[0] = 2
        return (first & 0x1F) << 6 | (text[1] & 0x3F)
    size[0] = 1
    return 0xFFFD


cdef inline bint _is_space(Py_UCS4 point) noexcept nogil:
    if point < 0x80:
        return point == 0x20 or (0x09 <= point <= 0x0D) or (0x1C <= point <= 0x1F)
    return Py_UNICODE_ISSPACE(point)


cdef inline bint _is_invisible(Py_UCS4 point) noexcept nogil:
    return point == 0xAD or point == 0x200B or point == 0xFEFF


cdef bint _is_blank(Bytes text, size_t size) noexcept nogil:
    """Whether a text is white space alone."""
    cdef size_t at = 0, many = 0
    while at < size:
        if not _is_space(_point(text + at, size - at, &many)):
            return False
        at += many
    return True


cdef bint _is_small(const unsigned char *text, const char *small, size_t size) noexcept nogil:
    """Whether a text in ASCII is another that is in small letters, whatever its case."""
    cdef size_t i
    for i in range(size):
        if (text[i] | 0x20 if 0x41 <= text[i] <= 0x5A else text[i]) != small[i]:
            return False
    return True


cdef struct Met:  # a kind of elements that was met before
    uint64_t hash
    int number  # in the register; 0 where the slot is free
    bint hides


cdef class Finder:
    """The kinds that a register knows, found by what the parser has of an element: by hash, without making a str."""

    cdef unsigned char *gathered  # names of an element, with spaces between them
    cdef size_t used, room
    cdef Met *slots
    cdef object register
    cdef dict numbers  # those of the register, and its lists
    cdef list tags, names

    def __cinit__(self, register):
        self.register, self.numbers, self.tags, self.names = register, register.numbers, register.tags, register.names
        self.room = ROOM
        self.gathered = <unsigned char *>_grown(NULL, self.room)
        self.slots = <Met *>_grown(NULL, (SLOTS + PROBES) * sizeof(Met))
        memset(self.slots, 0, (SLOTS + PROBES) * sizeof(Met))

    def __dealloc__(self):
        free(self.gathered)
        free(self.slots)

    cdef int add(self, Node attribute) except -1:
        """Gather what an attribute says, if there is one."""
        cdef size_t size = 0
        cdef Bytes value = attribute_value(attribute, &size) if attribute != NULL else NULL
        if value == NULL or not size:
            return 0
        if self.used + size + 9 > self.room:
            self.room = 2 * (self.used + size + 9)
            self.gathered = <unsigned char *>_grown(self.gathered, self.room)
        if self.used:
            self.gathered[self.used] = 0x20
            self.used += 1
        memcpy(self.gathered + self.used, value, size)
        self.used += size
        return 0

    cdef Met take(self, Tag tag) except *:
        """The kind of an element whose names were gathered."""
        cdef size_t at = 0, used = self.used
        cdef uint64_t eight, hash = tag.hash
        cdef Met *met
        cdef Met new
        cdef Py_ssize_t size = 0
        cdef const char *known
        cdef str names
        self.used = 0
        memset(self.gathered + used, 0, 8)
        while at < used:
            memcpy(&eight, self.gathered + at, 8)
            hash = (hash ^ eight) * <uint64_t>0x9E3779B97F4A7C15
            hash ^= hash >> 29
            at += 8
        for at in range(hash & (SLOTS - 1), (hash & (SLOTS - 1)) + PROBES):
            met = self.slots + at
            if not met.number:
                break
            if met.hash == hash and <str>self.tags[met.number] == tag.name:
                known = PyUnicode_AsUTF8AndSize(<str>self.names[met.number], &size)
                if <size_t>size == used and memcmp(known, self.gathered, used) == 0:
                    return met[0]
        names = _decoded(self.gathered, used)
        new = Met(hash, self.number(tag.name, names), used and self.hides(used, names))
        for at in range(hash & (SLOTS - 1), (hash & (SLOTS - 1)) + PROBES):  # anew: what was called is Python, and other threads may have run in between
            if not self.slots[at].number:
                self.slots[at] = new
                break
        return new

    cdef int number(self, str tag, str names) except -1:
        """As `Register.number`; no other thread runs in between, since nothing here is Python."""
        cdef dict numbers = self.numbers.get(tag)
        if numbers is None:
            numbers = self.numbers[tag] = {}
        found = numbers.get(names)
        if found is None:
            found = numbers[names] = len(self.names)
            self.tags.append(tag)
            self.names.append(names)
        return found

    cdef bint hides(self, size_t used, str names) except -1:
        """As `roles.hidden_token`; what is not ASCII is left to it."""
        cdef size_t at = 0, end, i
        cdef bytes hidden
        for i in range(used):
            if self.gathered[i] >= 0x80:
                return hidden_token(names)
        while at < used:
            end = at
            while end < used and not _is_space(self.gathered[end]):
                end += 1
            for hidden in HIDDEN:
                if <size_t>len(hidden) == end - at and _is_small(self.gathered + at, <const char *>hidden, end - at):
                    return True
            at = end + 1
        return False


cdef Finder _finder = None


cdef Finder _finder_of(register):
    """For one register after another."""
    global _finder
    if _finder is None or _finder.register is not register:
        _finder = Finder(register)
    return _finder


cdef struct Frame:  # an open element, with what to go back to when it ends
    Node node
    bint block, marked, hidden, row
    int level
    Py_ssize_t number


cdef inline tuple _settled(tuple structs):
    """The same, which the collector of garbage need not look into: what holds structs alone is in no cycle. It would find that out itself, tuple by tuple, after each batch."""
    PyObject_GC_UnTrack(structs)
    return structs


cdef struct Found:  # a mark of a finished text
    Py_ssize_t start, end
    int kind, link


cdef void *_grown(void *memory, size_t size) except NULL:
    cdef void *found = realloc(memory, size)
    if found == NULL:
        raise MemoryError()
    return found


cdef class Draft:
    """The block that is being gathered, as `draft.Draft` has it."""

    cdef unsigned char *gathered  # text as it stands in the page, and marks
    cdef unsigned char *text  # of the block, when it is finished
    cdef int *links  # of each link mark in `gathered`: index into `targets`
    cdef int *open_links  # of each open mark; -1 where it is no link
    cdef int *opened_links  # the same while a block is finished
    cdef unsigned char *open_marks
    cdef unsigned char *opened
    cdef Py_ssize_t *starts
    cdef Found *found
    cdef size_t used, room, text_room  # bytes of `gathered`, and of `text`
    cdef Py_ssize_t marks, links_used, open_used, marks_room
    cdef bint marked
    cdef list targets, inner

    def __cinit__(self):
        self.room, self.marks_room = ROOM, ROOM
        self.gathered = <unsigned char *>_grown(NULL, self.room)
        self.targets, self.inner = [], []
        self._marks_of(ROOM)

    def __dealloc__(self):
        for memory in (<size_t>self.gathered, <size_t>self.text, <size_t>self.links, <size_t>self.open_links, <size_t>self.opened_links, <size_t>self.open_marks, <size_t>self.opened, <size_t>self.starts, <size_t>self.found):
            free(<void *><size_t>memory)

    cdef int _marks_of(self, Py_ssize_t room) except -1:
        """Room for so many marks."""
        self.marks_room = room
        self.links = <int *>_grown(self.links, room * sizeof(int))
        self.open_links = <int *>_grown(self.open_links, room * sizeof(int))
        self.opened_links = <int *>_grown(self.opened_links, room * sizeof(int))
        self.open_marks = <unsigned char *>_grown(self.open_marks, room)
        self.opened = <unsigned char *>_grown(self.opened, room)
        self.starts = <Py_ssize_t *>_grown(self.starts, room * sizeof(Py_ssize_t))
        self.found = <Found *>_grown(self.found, room * sizeof(Found))
        return 0

    cdef int add(self, Bytes text, size_t size) except -1:
        if self.used + size > self.room:
            self.room = 2 * (self.used + size)
            self.gathered = <unsigned char *>_grown(self.gathered, self.room)
        memcpy(self.gathered + self.used, text, size)
        self.used += size
        return 0

    cdef int mark(self, unsigned char one) except -1:
        """Add a mark of which `draft` has no target to keep."""
        if self.marks + self.open_used + 2 > self.marks_room:
            self._marks_of(2 * self.marks_room)
        self.marks += 1
        self.marked = True
        return self.add(&one, 1)

    cdef bint open_mark(self, Node node, Tag tag) except -1:
        """Begin inline markup; whether it leaves a mark."""
        cdef Node attribute = first_attribute(node)
        cdef size_t size = 0
        cdef Bytes name
        cdef Bytes href = NULL, rel = NULL, names = NULL
        cdef size_t href_size = 0, rel_size = 0, names_size = 0
        cdef int one, link = -1
        while attribute != NULL:
            name = attribute_name(attribute, &size)
            if size == 5 and memcmp(name, b"class", 5) == 0:
                names = attribute_value(attribute, &names_size)
            elif tag.link and size == 4 and memcmp(name, b"href", 4) == 0:
                href = attribute_value(attribute, &href_size)
            elif tag.link and size == 3 and memcmp(name, b"rel", 3) == 0:
                rel = attribute_value(attribute, &rel_size)
            attribute = next_attribute(attribute)
        if names != NULL and names_size:
            self.inner.append(_decoded(names, names_size))
        one = LINK if href != NULL else tag.emphasis
        if not one:
            return False
        self.mark(one)
        if href != NULL:
            link = len(self.targets)
            self.targets.append((_decoded(href, href_size), rel != NULL and paid(_decoded(rel, rel_size))))
            self.links[self.links_used] = link
            self.links_used += 1
        self.open_marks[self.open_used] = one
        self.open_links[self.open_used] = link
        self.open_used += 1
        return True

    cdef int close(self) except -1:
        self.open_used -= 1
        return self.mark(CLOSE)

    cdef int begin(self) except -1:
        """The next block: markup that is still open goes on in it."""
        cdef Py_ssize_t i
        self.used = self.marks = 0
        if self.marked:
            self.links_used = 0
            self.marked = False
            for i in range(self.open_used):
                self.mark(self.open_marks[i])
                if self.open_links[i] >= 0:
                    self.links[self.links_used] = self.open_links[i]
                    self.links_used += 1
        if self.inner:
            self.inner = []
        return 0

    cdef tuple finish(self):
        """The text of the block, and its marks."""
        if self.used + 3 * self.marks > self.text_room:  # a mark becomes a space, or three characters between cells
            self.text_room = 2 * (self.used + 3 * self.marks)
            self.text = <unsigned char *>_grown(self.text, self.text_room)
        cdef unsigned char *text = self.gathered
        cdef unsigned char *out = self.text
        cdef size_t at = 0, end, many = 0, written = 0
        cdef Py_ssize_t size = 0, link_at = 0, opened = 0, started = 0, found = 0, i
        cdef bint space = False, fresh = True, after_link = False, leads, trails, any_word, pending
        cdef unsigned char one
        cdef Py_UCS4 point, last = 0
        while at < self.used:
            one = text[at]
            if 1 <= one <= CELL:
                at += 1
                if one == CLOSE:
                    opened -= 1
                    after_link = self.opened[opened] == LINK and started > opened
                    if started > opened:
                        started -= 1
                        self.found[found] = Found(self.starts[started], size, self.opened[opened], self.opened_links[opened])
                        found += 1
                elif one <= EM:
                    space = space or (after_link and one == LINK)
                    self.opened[opened] = one
                    self.opened_links[opened] = -1
                    if one == LINK:
                        self.opened_links[opened] = self.links[link_at]
                        link_at += 1
                    opened += 1
                else:
                    if one == BREAK:
                        out[written] = 10
                        written += 1
                        size += 1
                    else:
                        memcpy(out + written, b" | ", 3)
                        written += 3
                        size += 3
                    space, fresh, after_link = False, True, False
                continue
            end = at
            any_word = pending = trails = False
            leads = _is_space(_point(text + at, self.used - at, &many))
            while end < self.used and not 1 <= text[end] <= CELL:
                point = _point(text + end, self.used - end, &many)
                trails = _is_space(point)
                if trails:
                    pending = True
                elif not _is_invisible(point) and not (point == 0x7C and not size and not any_word):
                    if not any_word:
                        if not fresh and (space or leads or (after_link and Py_UNICODE_ISUPPER(point) and Py_UNICODE_ISLOWER(last))):
                            out[written] = 0x20
                            written += 1
                            size += 1
                        while started < opened:
                            self.starts[started] = size
                            started += 1
                        any_word, fresh = True, False
                    elif pending:
                        out[written] = 0x20
                        written += 1
                        size += 1
                    pending = False
                    memcpy(out + written, text + end, many)
                    written += many
                    size += 1
                    last = point
                end += many
            space = trails if any_word else True
            after_link = False
            at = end
        while opened:  # markup that goes on in the next block
            opened -= 1
            if started > opened:
                started -= 1
                self.found[found] = Found(self.starts[started], size, self.opened[opened], self.opened_links[opened])
                found += 1
        while written and (out[written - 1] == 0x20 or out[written - 1] == 0x7C or out[written - 1] == 10):
            written -= 1
            size -= 1
        return _decoded(out, written), self._found(found, size)

    cdef tuple _found(self, Py_ssize_t count, Py_ssize_t size):
        """The marks of a text of so many characters: those that begin in it, the earlier and longer ones first."""
        cdef Py_ssize_t i, k, kept = 0
        cdef Found one
        if not count:
            return ()
        for i in range(count):
            one = self.found[i]
            if one.start < size:
                one.end = min(one.end, size)
                k = kept
                while k and (self.found[k - 1].start > one.start or (self.found[k - 1].start == one.start and self.found[k - 1].end < one.end)):
                    self.found[k] = self.found[k - 1]
                    k -= 1
                self.found[k] = one
                kept += 1
        marks = []
        for i in range(kept):
            one = self.found[i]
            if one.link < 0:
                marks.append(Mark(one.start, one.end, KINDS[one.kind], "", False))
            else:
                target, is_paid = <tuple>self.targets[one.link]
                marks.append(Mark(one.start, one.end, "link", target, is_paid))
        return _settled(tuple(marks))


cdef inline int _put(array.array numbers, long long one) except -1:
    """Append to an array of type "q"."""
    cdef Py_ssize_t size = len(numbers)
    array.resize_smart(numbers, size + 1)
    numbers.data.as_longlongs[size] = one
    return 0


cdef class Walk:
    """A page while it is cut."""

    cdef Draft draft
    cdef Finder finder
    cdef list blocks
    cdef array.array kinds, parents, depths, begins, ends, own
    cdef list chain, tags, paths  # by level: the step there, its tag, the path down to it
    cdef int[MOST_LEVELS] numbers  # by level: the number of the element there
    cdef Frame *above
    cdef Py_ssize_t depth, room
    cdef int level

    def __cinit__(self, list blocks, elements):
        self.blocks = blocks
        register, self.kinds, self.parents, self.depths, self.begins, self.ends, self.own = elements
        self.finder = _finder_of(register)
        self.draft = Draft()
        self.chain, self.tags, self.paths = [None] * (DEEPEST + 1), [None] * (DEEPEST + 1), [None] * (DEEPEST + 1)
        self.paths[0] = ()
        self.numbers[0] = 0
        self.room = ROOM
        self.above = <Frame *>_grown(NULL, self.room * sizeof(Frame))

    def __dealloc__(self):
        free(self.above)

    cdef int push(self, Node node, bint block, bint marked, bint hidden, bint row, Py_ssize_t number) except -1:
        if self.depth == self.room:
            self.room *= 2
            self.above = <Frame *>_grown(self.above, self.room * sizeof(Frame))
        self.above[self.depth] = Frame(node, block, marked, hidden, row, self.level, number)
        self.depth += 1
        return 0

    cdef int finish(self, bint hidden) except -1:
        """The end of a block."""
        cdef Draft draft = self.draft
        text, marks = draft.finish()
        if text:
            path = self.paths[self.level]
            if path is None:
                path = self.paths[self.level] = _settled(tuple(self.chain[1 : self.level + 1]))
            kind, level = self.kind()
            _put(self.own, self.numbers[self.level])
            self.blocks.append(Block(text, kind, level, path, " ".join(draft.inner) if draft.inner else "", marks, hidden))
        return draft.begin()

    cdef int part(self, bint said, bint hidden) except -1:
        """Where an element that makes blocks begins or ends, the block before it ends, if it has text."""
        return self.finish(hidden) if said else self.draft.begin() if self.draft.used else 0

    cdef tuple kind(self):
        """As `draft.kind_of`."""
        cdef int at, i, lists = 0
        cdef Tag tag
        for at in range(self.level, max(self.level - KIND_STEPS, 0), -1):
            tag = <Tag>self.tags[at]
            if tag.kind is not None:
                if tag.kind == "item":
                    for i in range(1, self.level + 1):
                        lists += (<Tag>self.tags[i]).holds_items
                    return tag.kind, max(lists, 1)
                return tag.kind, tag.level
            if tag.ends_kind:
                break
        return "paragraph", 0

    cdef bint take_up(self, Node node, Tag tag, bint hidden) except -1:
        """Go down into an element that makes blocks; whether it is hidden."""
        cdef Node attribute = first_attribute(node), names = NULL, identity = NULL, role = NULL, prop = NULL
        cdef size_t size = 0
        cdef Bytes key, value
        cdef bint unseen = hidden
        while attribute != NULL:
            key = attribute_name(attribute, &size)
            if size == 5 and memcmp(key, b"class", 5) == 0:
                names = attribute
            elif size == 2 and memcmp(key, b"id", 2) == 0:
                identity = attribute
            elif size == 4 and memcmp(key, b"role", 4) == 0:
                role = attribute
            elif size == 8 and memcmp(key, b"itemprop", 8) == 0:
                prop = attribute
            elif size == 5 and memcmp(key, b"style", 5) == 0:
                value = attribute_value(attribute, &size)
                unseen = unseen or (value != NULL and hidden_style(_decoded(value, size)))
            elif size == 6 and memcmp(key, b"hidden", 6) == 0:
                unseen = True
            elif size == 11 and memcmp(key, b"aria-hidden", 11) == 0:
                value = attribute_value(attribute, &size)
                unseen = unseen or (value != NULL and size == 4 and memcmp(value, b"true", 4) == 0)
            attribute = next_attribute(attribute)
        self.finder.add(names)
        self.finder.add(identity)
        self.finder.add(role)
        self.finder.add(prop)
        cdef Met kind = self.finder.take(tag)
        cdef Py_ssize_t number = len(self.kinds)
        step = Step(tag.name, <str>self.finder.names[kind.number], number, self.numbers[self.level], self.level + 1)
        _put(self.kinds, kind.number)
        _put(self.parents, self.numbers[self.level])
        _put(self.depths, self.level + 1)
        _put(self.begins, len(self.blocks))
        _put(self.ends, 0)
        if self.level < DEEPEST:
            self.level += 1
            self.chain[self.level], self.tags[self.level], self.paths[self.level] = step, tag, None
            self.numbers[self.level] = number
        return unseen or kind.hides

    cdef int run(self, Node node) except -1:
        cdef Draft draft = self.draft
        cdef bint hidden = False, row = False, said = False  # the block has text
        cdef Py_ssize_t breaks = 0, line = 0
        cdef size_t size = 0
        cdef Node child
        cdef Bytes text
        cdef Tag tag
        cdef Frame frame
        cdef int kind
        while node != NULL:
            child = NULL
            kind = type_of(node)
            if kind == TEXT_NODE:
                text = text_of(node, &size)
                if text != NULL and not _is_blank(text, size):
                    if breaks:
                        if said and (breaks > 1 or is_paragraph(_decoded(draft.gathered + line, draft.used - line))):
                            self.finish(hidden)
                            line = 0
                        elif said:
                            draft.mark(BREAK)
                            line = draft.used
                        breaks = 0
                    draft.add(text, size)
                    said = True
                elif said:
                    draft.add(b" ", 1)
            elif kind == ELEMENT_NODE:
                tag = _tag_of(node)
                if tag.role == BLOCK and not (row and tag.cell):
                    self.part(said, hidden)
                    said = False
                    breaks = line = 0
                    child = first_child(node)
                    if child != NULL:
                        self.push(node, True, False, hidden, row, len(self.kinds))
                        hidden = self.take_up(node, tag, hidden)
                        if tag.row and not row:
                            row = _simple(node)
                elif tag.role == INLINE or tag.role == BLOCK:
                    if tag.role == BLOCK and said:
                        draft.mark(CELL)
                    child = first_child(node)
                    if child != NULL:
                        self.push(node, False, tag.role == INLINE and draft.open_mark(node, tag), False, False, 0)
                elif tag.role == LINE:
                    breaks += 1
            if child != NULL:
                node = child
                continue
            node = next_node(node)
            while node == NULL and self.depth:
                self.depth -= 1
                frame = self.above[self.depth]
                if frame.marked:
                    draft.close()
                elif frame.block:
                    self.part(said, hidden)
                    said = False
                    breaks = line = 0
                    hidden, row, self.level = frame.hidden, frame.row, frame.level
                    self.ends.data.as_longlongs[frame.number] = len(self.blocks)
                node = next_node(frame.node)
        if said:
            self.finish(hidden)
        return 0


cdef Node _next_below(Node node, Node root) noexcept nogil:
    """The next node in document order at or below `root`; NULL behind the last one."""
    if first_child(node) != NULL:
        return first_child(node)
    while node != root and next_node(node) == NULL:
        node = parent_of(node)
    return NULL if node == root else next_node(node)


cdef bint _simple(Node row) except -1:
    """Whether a table row is facts in cells, as `segment` has it."""
    cdef Node node = row
    cdef Py_ssize_t elements = 0, many = 0
    cdef size_t size = 0, i
    cdef Bytes text
    while node != NULL:
        if type_of(node) == TEXT_NODE:
            text = text_of(node, &size)
            for i in range(size):
                many += (text[i] & 0xC0) != 0x80  # the first byte of a character
        elif elements and not (type_of(node) == ELEMENT_NODE and _tag_of(node).in_row):
            return False
        else:
            elements += 1
        if elements > SIMPLE_ROW or many > ROW_TEXT:
            return False
        node = _next_below(node, row)
    return True


def walk(size_t root, list blocks, elements):
    """Cut the page below a node, known by its address, which must live until this returns; as `segment` does."""
    Walk(blocks, elements).run(<Node>root)


cdef dict _attributes(Node element):
    """The attributes of an element; None is the value of those that have none."""
    cdef Node attribute = first_attribute(element)
    cdef size_t size = 0, value_size = 0
    cdef Bytes name, value
    cdef dict found = {}
    while attribute != NULL:
        name = attribute_name(attribute, &size)
        value = attribute_value(attribute, &value_size)
        found[_decoded(name, size)] = _decoded(value, value_size) if value != NULL else None
        attribute = next_attribute(attribute)
    return found


cdef object _attribute(Node element, bytes wanted):
    """The value of one attribute; None where it has none, or the element has no such attribute."""
    cdef Node attribute = first_attribute(element)
    cdef size_t size = 0
    cdef Bytes name, value
    while attribute != NULL:
        name = attribute_name(attribute, &size)
        if size == <size_t>len(wanted) and memcmp(name, <const char *>wanted, size) == 0:
            value = attribute_value(attribute, &size)
            return _decoded(value, size) if value != NULL else None
        attribute = next_attribute(attribute)
    return None


def telling(size_t root):
    """The elements at and below a node, known by its address, that `metadata` asks for: of each its tag, its attributes, and its text if that is asked for:
    of scripts, and of others of the first of a kind, since these may stand in one another."""
    cdef Node node = <Node>root
    cdef list found = []
    cdef Tag tag
    cdef size_t size = 0
    cdef Bytes text
    cdef set heard = set()
    cdef bint tells, script
    while node != NULL:
        if type_of(node) == ELEMENT_NODE:
            tag = _tag_of(node)
            name = _attribute(node, b"itemprop")
            prop = name is not None and name in PROPERTIES
            script = tag.script and JSON_LD in (_attribute(node, b"type") or "").lower()
            tells = prop or script or (tag.tells and not tag.script and (tag.name != "link" or _attribute(node, b"rel") == CANONICAL))
            if tells:
                text = NULL
                if script or (tag.says and tag.name not in heard) or (prop and name not in heard):
                    text = text_of(node, &size)
                heard.update((tag.name, name))
                found.append((tag.name, _attributes(node), _decoded(text, size) if text != NULL else ""))
        node = _next_below(node, <Node>root)
    return found
