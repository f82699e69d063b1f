// Who can sign in at the tests' providers, by subject, with what UserInfo says of them; and the client they know.
// Numbers and names are made up; the numbers' check digits are right.

const corporation = {
  corp_type: '1',
  corporate_number: '8700110005901',
  name: '株式会社見本',
  rep_last_nm: '代表',
  rep_first_nm: '太郎',
};

export const accounts = {
  prime: { ...corporation, account_type: '2', user_last_nm: '代表', user_first_nm: '太郎' },
  member: { ...corporation, account_type: '3', parent_id: 'prime', user_last_nm: '山田', user_first_nm: '花子' },
  entry: { ...corporation, account_type: '1', user_last_nm: '田中', user_first_nm: '一郎' },
  // Its corporate number is changed while tests run.
  moving: { ...corporation, account_type: '2', user_last_nm: '転籍', user_first_nm: '次郎' },
  // A sole proprietor: what stands for the corporate number is none.
  shop: { account_type: '2', corp_type: '2', corporate_number: '0000000000000', name: '見本商店', user_last_nm: '商店' },
  // Somebody who works for one.
  clerk: { account_type: '3', corp_type: '2', parent_id: 'shop', name: '見本商店', user_last_nm: '店員' },
  // Without a person's name.
  unnamed: { ...corporation, account_type: '2' },
};

export const client = {
  id: 'otasuketai',
  // Each of these means something in a header, an address or a form.
  secret: 'a:b/c+d %e&f=g',
};
