package ernie4j.training.slu;

import ernie4j.tokenizer.Encoding;
import ernie4j.tokenizer.Tokenizer;
import ernie4j.tokenizer.Truncation;
import ernie4j.training.data.TokenTags;
import ernie4j.training.slu.SluExample.Slot;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * An utterance as the model sees it.
 *
 * <p>Every token inside a slot is labelled, also the pieces of a word: the first {@code B-}, the
 * others {@code I-}. [CLS] and [SEP] get the padding label. The labels come from the tokens'
 * positions in the text; the original compares two token sequences instead and therefore adds the
 * slot names to the vocabulary, which changes the tokens of utterances that contain one.
 *
 * @param ids token ids from [CLS] to [SEP]
 * @param intent label of the utterance
 * @param slots one label per token
 */
@SuppressWarnings("ArrayRecordComponent") // compared nowhere
record EncodedExample(int[] ids, int intent, int[] slots) {

  /**
   * Encodes an example, cut to {@code maxLength} tokens.
   *
   * @throws IllegalArgumentException if a label is unknown
   */
  static EncodedExample of(
      SluExample example, Tokenizer tokenizer, SluLabels labels, int maxLength) {
    Encoding encoding = tokenizer.encode(example.text(), Truncation.LONGEST_FIRST, maxLength);
    int[] ids = encoding.ids();
    int[] slots = new int[ids.length];
    Arrays.fill(slots, 1, ids.length - 1, labels.outside());
    for (Slot slot : example.slots()) {
      TokenTags.tag(encoding, slot.start(), slot.end(), slot.type(), labels::slot, slots);
    }
    return new EncodedExample(ids, labels.intent(example.intent()), slots);
  }

  static List<EncodedExample> all(
      List<SluExample> examples, Tokenizer tokenizer, SluLabels labels, int maxLength) {
    List<EncodedExample> encoded = new ArrayList<>();
    for (SluExample example : examples) {
      encoded.add(of(example, tokenizer, labels, maxLength));
    }
    return encoded;
  }
}
