"""Gates that look at the answer's form: length, format, point of view, voice, language, copying, phrases."""
