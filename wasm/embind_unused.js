// embind prepares every type that a function at the door might have. These none has, so the page need not carry how they are read
// and written: emcc takes what stands here instead of its own.

mergeInto(LibraryManager.library, {
  _embind_register_integer: function () {},
  _embind_register_std_wstring: function () {},
  _embind_register_memory_view: function () {},
});
