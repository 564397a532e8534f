package ernie4j.training.data;

import ernie4j.engine.head.TagScheme;
import ernie4j.tokenizer.Encoding;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/** Converts spans of a text to tags of its tokens. */
public final class TokenTags {
  private TokenTags() {}

  /**
   * Tags the tokens between [CLS] and [SEP]. Every token that shares a char with a span is tagged,
   * including word pieces: the first with {@code B-type}, the others with {@code I-type}. (The
   * original compares two token sequences instead of positions. It therefore adds the names of
   * slots to the vocabulary, which changes the tokens of utterances that contain one.)
   *
   * @param encoding the tokens of a single text
   * @param spans the spans of that text
   * @return one tag per token, without [CLS] and [SEP]
   */
  public static List<String> of(Encoding encoding, List<LabelledSpan> spans) {
    List<String> tags = new ArrayList<>(Collections.nCopies(encoding.length() - 2, Labels.OUTSIDE));
    for (LabelledSpan span : spans) {
      String prefix = "B-";
      for (int t = 1; t < encoding.length() - 1; t++) {
        if (encoding.start(t) < span.end() && encoding.end(t) > span.start()) {
          tags.set(t - 1, prefix + span.type());
          prefix = "I-";
        }
      }
    }
    return tags;
  }

  /**
   * Finds the indices of the tags of all tokens in the labels of a model.
   *
   * @param encoding the tokens of a single text
   * @param spans the spans of that text
   * @param labels the tags of the model in the order of its logits
   * @param scheme the scheme of the labels
   * @param ends the value for [CLS] and [SEP], which a loss ignores
   * @return one index per token, with [CLS] and [SEP]
   * @throws IllegalArgumentException if a tag is not one of the labels
   */
  public static int[] indices(
      Encoding encoding, List<LabelledSpan> spans, Labels labels, TagScheme scheme, int ends) {
    int[] indices = new int[encoding.length()];
    Arrays.fill(indices, labels.index(Labels.OUTSIDE));
    for (LabelledSpan span : spans) {
      int[] tokens =
          IntStream.range(1, encoding.length() - 1)
              .filter(t -> encoding.start(t) < span.end() && encoding.end(t) > span.start())
              .toArray();
      for (int i = 0; i < tokens.length; i++) {
        String label = scheme.label(span.type(), i, tokens.length);
        indices[tokens[i]] =
            labels.index(label != null ? label : (i == 0 ? "B-" : "I-") + span.type());
      }
    }
    indices[0] = ends;
    indices[indices.length - 1] = ends;
    return indices;
  }
}
