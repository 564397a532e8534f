/** WordPiece tokenization exactly as ERNIE and BERT do it; needs nothing but the JDK. */
@org.jspecify.annotations.NullMarked
module ernie4j.tokenizer {
  requires static org.jspecify;

  exports ernie4j.tokenizer;
}
