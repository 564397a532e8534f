package ernie4j.training.annotation;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Relation prompts to which a text has no answer. For training, they are drawn from three pools:
 * relations in the wrong direction, relations of entities that have none in this text, and labels
 * of entities as relations. A slot of a pool stands for one negative, for which there may be
 * alternatives. Unlike in the reference, no prompt that the text answers is among them (A 合作方 B as
 * well as B 合作方 A).
 */
final class RelationNegatives {
  private final AskedTexts all;
  private final ConversionOptions options;

  RelationNegatives(AskedTexts all, ConversionOptions options) {
    this.all = all;
    this.options = options;
  }

  /**
   * The slots of one text, each a list of prompts, one of which is drawn.
   *
   * @param inverse one for every relation, from its object
   * @param otherSubjects one for every entity that is not a subject in this text
   * @param otherLabels one for every label that does not occur in this text
   */
  record Pools(
      List<List<String>> inverse,
      List<List<String>> otherSubjects,
      List<List<String>> otherLabels) {
    List<List<List<String>>> asList() {
      return List.of(inverse, otherSubjects, otherLabels);
    }
  }

  Pools pools(AskedText text) {
    List<List<String>> inverse = new ArrayList<>();
    List<List<String>> otherSubjects = new ArrayList<>();
    List<List<String>> otherLabels = new ArrayList<>();
    if (!text.relations.isEmpty()) {
      text.annotation
          .relations()
          .forEach(r -> add(inverse, text, List.of(text.annotation.object(r)), List.of(r.type())));
      for (String entity : all.entities) {
        if (!text.subjects.contains(entity)) {
          add(otherSubjects, text, List.of(entity), text.types);
        }
      }
      for (String label : all.labelsBeside(text)) {
        add(otherLabels, text, text.subjects, List.of(label));
      }
    }
    return new Pools(inverse, otherSubjects, otherLabels);
  }

  private void add(
      List<List<String>> pool,
      AskedText text,
      Collection<String> subjects,
      Collection<String> names) {
    List<String> slot = new ArrayList<>();
    for (String subject : subjects) {
      for (String name : names) {
        String prompt = AskedText.prompt(subject, name, options);
        if (!text.relations.containsKey(prompt)) {
          slot.add(prompt);
        }
      }
    }
    if (!slot.isEmpty()) {
      pool.add(slot);
    }
  }

  /** Negatives to learn from: a third from every pool that is large enough, the rest from any. */
  List<String> drawn(AskedText text, Random random) {
    List<String> drawn = new ArrayList<>();
    List<List<String>> left = new ArrayList<>();
    int ratio = options.negativeRatio();
    long wanted =
        ratio == ConversionOptions.ALL ? Long.MAX_VALUE : (long) ratio * text.relations.size();
    long ofEach =
        ratio == ConversionOptions.ALL
            ? Long.MAX_VALUE
            : (long) (ratio / 3) * text.relations.size();
    for (List<List<String>> pool : pools(text).asList()) {
      List<List<String>> shuffled = new ArrayList<>(pool);
      Collections.shuffle(shuffled, random);
      for (int i = 0; i < shuffled.size(); i++) {
        if (i < ofEach) {
          drawn.add(one(shuffled.get(i), random));
        } else {
          left.add(shuffled.get(i));
        }
      }
    }
    Collections.shuffle(left, random);
    for (int i = 0; i < left.size() && drawn.size() < wanted; i++) {
      drawn.add(one(left.get(i), random));
    }
    return drawn;
  }

  private static String one(List<String> slot, Random random) {
    return slot.get(random.nextInt(slot.size()));
  }

  /** Negatives to evaluate on: every type of relation for every subject of the text. */
  List<String> complete(AskedText text) {
    List<String> prompts = new ArrayList<>();
    for (String subject : text.subjects) {
      for (String type : all.types) {
        String prompt = AskedText.prompt(subject, type, options);
        if (!text.relations.containsKey(prompt)) {
          prompts.add(prompt);
        }
      }
    }
    return prompts;
  }
}
