"""The screens: one thin file each, over what `_ui`, `_elements`, `_view` and `_text` share."""
