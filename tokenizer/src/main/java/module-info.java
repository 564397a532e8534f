/**
 * WordPiece tokenization exactly as ERNIE and BERT do it; needs nothing but the JDK.
 *
 * <pre>{@code
 * Vocabulary vocabulary = Vocabulary.read(Path.of("vocab.txt"));
 * Tokenizer tokenizer = new ErnieTokenizer(vocabulary, TokenizerOptions.ernie());
 *
 * Encoding encoding = tokenizer.encode("来一首周华健的花心");
 * int[] ids = encoding.ids(); // [CLS] 来 一 首 周 华 健 的 花 心 [SEP]
 * for (int token = 1; token < encoding.length() - 1; token++) {
 *   System.out.println(encoding.tokens().get(token) + " at " + encoding.start(token));
 * }
 * Encoding pair = tokenizer.encode(query, document, Truncation.ONLY_SECOND, 512);
 * }</pre>
 */
@org.jspecify.annotations.NullMarked
module ernie4j.tokenizer {
  requires static org.jspecify;

  exports ernie4j.tokenizer;
}
