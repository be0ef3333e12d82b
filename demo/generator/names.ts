/** Names as one meets them in such a community: of several origins, with accents, hyphens and particles. */

export type NamePool = { women: readonly string[]; men: readonly string[]; families: readonly string[] }

const words = (text: string): string[] => text.trim().split(/\s*,\s*/)

const french: NamePool = {
  women: words(
    'Marie, Camille, Léa, Chloé, Manon, Élise, Anne-Laure, Clémence, Sophie, Hélène, Juliette, Maëlle, Noémie, Océane, Pauline, Raphaëlle, Sandrine, Solène, Valérie, Zoé, Agathe, Bérénice, Céline, Delphine, Émilie, Florence, Gaëlle, Isabelle, Jeanne, Laetitia',
  ),
  men: words(
    'Thomas, Julien, Antoine, Baptiste, Clément, Damien, Étienne, François, Guillaume, Hugo, Jean-Baptiste, Jérôme, Joël, Loïc, Mathieu, Nicolas, Olivier, Paul-Henri, Quentin, Rémi, Sébastien, Théo, Valentin, Xavier, Aurélien, Benoît, Cédric, Emmanuel, Grégory, Noël',
  ),
  families: words(
    'Martin, Bernard, Petit, Moreau, Lefèvre, Garnier, Faure, Rousseau, Blanchard, Guérin, Chevallier, Boyer, Noël, Meunier, Lacroix, Dufour, Brunet, Renaud, Marchand, Gaillard, Perrin, Morel, Collet, Bertrand, Delaunay, Hébert, Prévost, Bouchet, Vasseur, Charpentier, de La Taille, du Bellay-Rivière, d’Aubigny, de Saint-Alban, Roussel-Pham, Fontaine-Lopes, L’Hermitte, Crépin, Besançon, Aïssé',
  ),
}

const breton: NamePool = {
  women: words('Maëlys, Gwenaëlle, Nolwenn, Rozenn, Enora, Soizic, Bleuenn, Katell, Tifenn, Anaïg'),
  men: words('Yann, Goulven, Erwan, Gwendal, Malo, Ronan, Tanguy, Youenn, Corentin, Efflam'),
  families: words(
    'Le Goff, Le Bihan, Kervella, Tanguy, Le Guen, Kermarrec, Quéméneur, Guillou, Le Floc’h, Morvan, Riou, Kerjean, Penven, L’Haridon, Cozic, Abgrall',
  ),
}

const maghrebi: NamePool = {
  women: words('Nadia, Inès, Samira, Yasmine, Leïla, Soraya, Meriem, Hanane, Lilia, Faïza'),
  men: words('Mohamed, Rachid, Karim, Yacine, Mehdi, Sofiane, Nassim, Bilal, Hichem, Amine'),
  families: words(
    'Benali, Haddad, Benkirane, Bouzid, Cherif, El Amrani, Khelifi, Mansouri, Ould Brahim, Saïdi, Tahri, Zerrouki, Aït Hamou, Ben Salah',
  ),
}

const westAfrican: NamePool = {
  women: words('Fatoumata, Aminata, Awa, Mariama, Aïssatou, Khady, Bintou, Oumou'),
  men: words('Mamadou, Ousmane, Ibrahima, Cheikh, Souleymane, Abdoulaye, Moussa, Boubacar'),
  families: words('Diarra, Sow, Diop, Traoré, Koné, Ndiaye, Cissé, Camara, N’Guessan, Bâ, Touré, Kouassi'),
}

const vietnamese: NamePool = {
  women: words('Thi Mai, Linh, Thu Hà, Kim Anh, Minh Châu'),
  men: words('Minh, Quang, Van Duc, Tuấn, Hoàng'),
  families: words('Nguyễn, Nguyen, Trần, Pham, Lê, Huynh, Võ, Đặng'),
}

const polish: NamePool = {
  women: words('Agnieszka, Magdalena, Zofia, Ewa, Małgorzata'),
  men: words('Łukasz, Tomasz, Piotr, Michał, Kacper'),
  families: words('Kowalczyk, Wójcik, Nowak, Mazur, Kaczmarek, Wróbel, Krawczyk'),
}

const iberian: NamePool = {
  women: words('Inês, Beatriz, Ana Sofia, Lucía, Marta, Conceição'),
  men: words('João, Tiago, Rui, Diego, Nuno, Iñaki'),
  families: words('Ferreira, Carvalho, da Silva, dos Santos, Gonçalves, Costa, Ibáñez, Muñoz, Lopes, Simões'),
}

const italian: NamePool = {
  women: words('Giulia, Chiara, Francesca, Mirella'),
  men: words('Matteo, Luca, Enzo, Sandro'),
  families: words('Rossi, Bianchi, Esposito, Colombani, Di Marco'),
}

const armenian: NamePool = {
  women: words('Anoush, Naïri, Séta, Lusine'),
  men: words('Aram, Hrant, Vartan, Tigrane'),
  families: words('Sarkissian, Der Agopian, Kévorkian, Manoukian'),
}

const turkish: NamePool = {
  women: words('Elif, Zeynep, Ayşe, Defne'),
  men: words('Emre, Deniz, Kerem, Yusuf'),
  families: words('Yılmaz, Kaya, Demir, Özdemir'),
}

const tamil: NamePool = {
  women: words('Priya, Anjali, Kavitha'),
  men: words('Arun, Suresh, Vijay'),
  families: words('Sivakumar, Rajaratnam, Selvam'),
}

const malagasy: NamePool = {
  women: words('Hanitra, Voahangy, Miora'),
  men: words('Tojo, Haja, Rivo'),
  families: words('Rajaonarison, Rakotomalala, Andrianarivo'),
}

const romanian: NamePool = {
  women: words('Ioana, Mihaela, Raluca'),
  men: words('Andrei, Răzvan, Ștefan'),
  families: words('Popescu, Ionescu, Dumitrescu'),
}

/** With how often each is met. */
export const pools: readonly (readonly [pool: NamePool, weight: number])[] = [
  [french, 52],
  [maghrebi, 12],
  [westAfrican, 9],
  [iberian, 8],
  [breton, 6],
  [italian, 3],
  [armenian, 2],
  [turkish, 2],
  [tamil, 1],
  [malagasy, 1],
  [romanian, 1],
  [vietnamese, 4],
  [polish, 3],
]

/** In Brittany. */
export const bretonPools: readonly (readonly [pool: NamePool, weight: number])[] = [
  [breton, 55],
  ...pools.map(([pool, weight]) => [pool, weight / 2] as const),
]
