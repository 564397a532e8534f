/**
 * WordPiece tokenization exactly as ERNIE and BERT do it.
 *
 * <pre>{@code
 * Tokenizer tokenizer = new ErnieTokenizer(Vocabulary.read(path), TokenizerOptions.ernie());
 * Encoding encoding = tokenizer.encode("来一首周华健的花心");
 * int[] ids = encoding.ids(); // [CLS] 来 一 首 周 华 健 的 花 心 [SEP]
 * }</pre>
 */
package ernie4j.tokenizer;
