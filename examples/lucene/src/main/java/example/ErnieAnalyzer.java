package example;

import ernie4j.tokenizer.Encoding;
import ernie4j.tokenizer.Tokenizer;
import java.io.IOException;
import java.io.StringWriter;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.apache.lucene.analysis.tokenattributes.OffsetAttribute;

/** Indexes the tokens of a model, with their offsets in the text. */
final class ErnieAnalyzer extends Analyzer {
  private final Tokenizer tokenizer;

  ErnieAnalyzer(Tokenizer tokenizer) {
    this.tokenizer = tokenizer;
  }

  @Override
  protected TokenStreamComponents createComponents(String field) {
    return new TokenStreamComponents(
        new org.apache.lucene.analysis.Tokenizer() {
          private final CharTermAttribute term = addAttribute(CharTermAttribute.class);
          private final OffsetAttribute offset = addAttribute(OffsetAttribute.class);
          private Encoding encoding;
          private int token;

          @Override
          public void reset() throws IOException {
            super.reset();
            StringWriter text = new StringWriter();
            input.transferTo(text);
            encoding = tokenizer.encode(text.toString());
            token = 1; // after [CLS]
          }

          @Override
          public boolean incrementToken() {
            if (token >= encoding.length() - 1) {
              return false;
            }
            clearAttributes();
            term.append(encoding.tokens().get(token));
            offset.setOffset(correctOffset(encoding.start(token)), correctOffset(encoding.end(token)));
            token++;
            return true;
          }
        });
  }
}
