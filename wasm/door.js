// What the engine offers to JavaScript, put at the end of emcc's own: `call(request)`, `call_with_progress(request, report)` and
// `version()`.

Module.call_with_progress = (request, report) => {
  const size = lengthBytesUTF8(request);
  const text = _malloc(size + 1);
  stringToUTF8(request, text, size + 1);
  Module.report = report;
  const answer = UTF8ToString(_titrate_call(text, size, report !== undefined));
  _free(text);
  return answer;
};
Module.call = (request) => Module.call_with_progress(request);
Module.version = () => UTF8ToString(_titrate_version());
