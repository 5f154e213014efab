package io.sfumato.recommend.retrieval;

import io.sfumato.datasets.Attributes;
import io.sfumato.datasets.Item;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.en.EnglishAnalyzer;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.Term;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.BoostQuery;
import org.apache.lucene.search.MatchNoDocsQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TermInSetQuery;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.util.BytesRef;
import org.apache.lucene.util.QueryBuilder;

/**
 * What an item looks like in Lucene, and how filters and words are asked for.
 *
 * <p>Fields: {@code id}; {@code item}, its catalogue index; {@code vector}, the fused vector, absent where it is zero; {@code title} and {@code text}, analysed as English (stop words,
 * stemming), and {@code words}, the values of its attributes likewise; {@code attribute}, one term {@code name\0value} for each value of an attribute, and for the whole of it.
 */
final class ItemDocuments {
  static final String ID = "id";
  static final String ITEM = "item";
  static final String VECTOR = "vector";
  private static final String TITLE = "title";
  private static final String TEXT = "text";
  private static final String WORDS = "words";
  private static final String ATTRIBUTE = "attribute";

  /** Longer queries are cut here: with three fields they stay below Lucene's limit of clauses. */
  private static final int MAX_QUERY_LENGTH = 512;

  private static final float TITLE_BOOST = 2;
  private static final float WORDS_BOOST = 0.5f;
  private static final double UNIT_TOLERANCE = 1e-3;

  private final Analyzer analyzer = new EnglishAnalyzer();

  Analyzer analyzer() {
    return analyzer;
  }

  Document document(int index, Item item, float[] vector) {
    Document document = new Document();
    document.add(new StringField(ID, item.id(), Field.Store.NO));
    document.add(new NumericDocValuesField(ITEM, index));
    if (isUnit(vector, item.id())) {
      document.add(new KnnFloatVectorField(VECTOR, vector, VectorSimilarityFunction.DOT_PRODUCT));
    }
    document.add(new TextField(TITLE, item.title(), Field.Store.NO));
    document.add(new TextField(TEXT, item.text(), Field.Store.NO));
    List<String> words = new ArrayList<>();
    for (Map.Entry<String, String> attribute : item.attributes().entrySet()) {
      Set<String> values = new LinkedHashSet<>(Attributes.values(attribute.getValue()));
      words.addAll(values);
      values.add(attribute.getValue());
      for (String value : values) {
        document.add(new StringField(ATTRIBUTE, term(attribute.getKey(), value), Field.Store.NO));
      }
    }
    document.add(new TextField(WORDS, String.join(" ", words), Field.Store.NO));
    return document;
  }

  /** The items that pass a clause of a filter. */
  static Query query(Filter.Clause clause) {
    List<BytesRef> terms = new ArrayList<>();
    for (String value : clause.values()) {
      terms.add(new BytesRef(term(clause.attribute(), value)));
    }
    return terms.size() == 1 ? new TermQuery(new Term(ATTRIBUTE, terms.get(0))) : new TermInSetQuery(ATTRIBUTE, terms);
  }

  /** Any of the words, in the title (twice as much), the text, or the attributes (half as much). */
  Query words(String text) {
    String cut = text.length() <= MAX_QUERY_LENGTH ? text : text.substring(0, MAX_QUERY_LENGTH);
    QueryBuilder builder = new QueryBuilder(analyzer);
    BooleanQuery.Builder any = new BooleanQuery.Builder();
    Query title = builder.createBooleanQuery(TITLE, cut);
    Query body = builder.createBooleanQuery(TEXT, cut);
    Query attributes = builder.createBooleanQuery(WORDS, cut);
    if (title == null || body == null || attributes == null) { // nothing but stop words and punctuation
      return new MatchNoDocsQuery("no words");
    }
    return any.add(new BoostQuery(title, TITLE_BOOST), Occur.SHOULD)
        .add(body, Occur.SHOULD)
        .add(new BoostQuery(attributes, WORDS_BOOST), Occur.SHOULD)
        .build();
  }

  private static String term(String attribute, String value) {
    return attribute + '\0' + value;
  }

  private static boolean isUnit(float[] vector, String id) {
    double square = 0;
    for (float x : vector) {
      square += (double) x * x;
    }
    if (square == 0) {
      return false;
    }
    if (!(Math.abs(square - 1) < UNIT_TOLERANCE)) {
      throw new IllegalArgumentException(
          "the vector of item '%s' must have length 1, or be all zeros, but has length %s".formatted(id,
              Math.sqrt(square)));
    }
    return true;
  }
}
