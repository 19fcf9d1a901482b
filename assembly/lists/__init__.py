"""Lists: columns, filters, pages, files and bulk acts of one declaration."""

from assembly.lists.declaration import Empty, List, PageLink, ShownList, Unmatched, add_list, lists
from assembly.lists.filters import Filter, any_word_in, by_choice, by_conditions, each_word
from assembly.lists.tables import (
    Column,
    Table,
    acts_cell,
    column,
    label_of,
    model_field,
    reference_cell,
    small,
    stacked,
    standing_cell,
    state_cell,
)
